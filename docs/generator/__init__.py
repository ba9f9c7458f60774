"""What the generated pages are written from."""
