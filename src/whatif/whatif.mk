# overlays, scenarios, chain rebuild, matrix, fallback, timeline, planner
