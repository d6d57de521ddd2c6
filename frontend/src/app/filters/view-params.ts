import type { QueryParams } from './codec';

/** All values of a parameter of a view; none if it is not there. */
export function values(query: QueryParams, name: string): readonly string[] {
  const value = query[name];
  if (value === null || value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}
