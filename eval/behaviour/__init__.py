"""Behavioural test suite in the CheckList manner (Ribeiro et al. 2020)."""
