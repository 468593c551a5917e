"""Makes perturbed inputs of labelled news rows: ``configs/eval/news_behaviour.yaml``."""
