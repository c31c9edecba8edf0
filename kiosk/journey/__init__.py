"""A citizen's visit in three closed vocabularies: events (what can happen), views (what there is to see), the chart."""
