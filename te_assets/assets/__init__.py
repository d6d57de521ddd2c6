"""The asset graph: Excel sources, topics, raw, staging, marts. Bodies are thin; the packages below know how."""
