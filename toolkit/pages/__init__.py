"""How pages speak: refusals as sentences, deadlines as words, lists by cursor."""
