"""Fine-tuning of the stance adapter and the tagger."""
