"""Running what a drafter promises: examples, properties, invariants. The only home of Hypothesis outside the tests."""
