"""How REST speaks: paging, problems, versions, strict filters and a careful parser."""
