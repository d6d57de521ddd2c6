{#- Columns that a Pareto adds to rows with a `measure`, over a `partition`: `running` and `whole` by windows, the greatest row first. -#}
sum(measure) OVER ({{ partition }}ORDER BY measure DESC, {{ place }} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS running,
sum(measure) OVER ({{ partition }}ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS whole
