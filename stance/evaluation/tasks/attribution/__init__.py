"""Who said what: an extractor against gold attributions, beside other systems."""
