"""What a release is made of: distributions that are the same bytes each time, their bill of materials, their checksums."""
