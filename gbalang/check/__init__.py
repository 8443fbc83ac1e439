"""Surface tree to typed tree: names, types, permissions, exceptions, completeness."""
