"""What data holds, drawn before training: what there is, ranges, samples, a plane of two features, simpler methods."""
