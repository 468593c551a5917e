"""Behavioural cases: what a stance classifier must be able to do, one capability at a time.

In the CheckList manner (Ribeiro, Wu, Guestrin and Singh 2020, "Beyond Accuracy: Behavioral Testing
of NLP Models with CheckList").
"""
