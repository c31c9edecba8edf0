"""A photographed sheet becomes a page: find, flatten, judge, bind."""
