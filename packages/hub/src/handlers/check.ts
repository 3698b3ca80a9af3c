/** How a part of the hub is. */
export interface Check {
  readonly name: string;
  readonly status: 'ok' | 'degraded' | 'down';
  readonly detail: string;
}
