"""Pretrained backbones and the adapters that are merged into them."""
