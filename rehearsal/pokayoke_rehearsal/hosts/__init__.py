"""The processes beside the engine: program, policy packs, dynamic resources, the world, and a real CLI when asked."""
