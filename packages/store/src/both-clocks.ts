/**
 * SQL for the moment of a parameter, and never one that the database has not seen: what is expired by the clock of the hub alone is not
 * dropped, as that may be ahead.
 */
export function byBothClocks(parameter: string): string {
  return `least(${parameter}::timestamptz, clock_timestamp())`;
}
