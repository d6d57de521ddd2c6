"""HTTP way in: workbooks and single events, checked and acknowledged, on to the landing store and to Kafka."""
