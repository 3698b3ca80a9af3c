/** What every address of the page can say: which cluster and namespace, as of when, what is asked for, what is open. */
export interface View {
  readonly cluster?: number;
  readonly namespace?: string;
  readonly asOf?: string;
  /** The moments between which changes are shown; up to now without the second. */
  readonly from?: string;
  readonly to?: string;
  /** Of the findings that came and went between them, the ones or the others; both without it. */
  readonly move?: 'came' | 'went';
  readonly q?: string;
  readonly sort?: string;
  readonly by?: string;
  /** Whose things to do are shown: one's own, or those of all. */
  readonly mine?: 'yes';
  /** What is open in the side panel. */
  readonly open?: string;
}

/** What is written by hand may read as a number, such as the entry of a log that is open. */
function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Reads a view from an address; what makes no sense is left out. */
export function readView(search: Readonly<Record<string, unknown>>): View {
  const cluster = Number(search['cluster']);
  const view: { -readonly [Key in keyof View]: View[Key] } = {};
  if (Number.isInteger(cluster) && cluster > 0) view.cluster = cluster;
  for (const key of ['asOf', 'from', 'to'] as const) {
    const moment = text(search[key]);
    if (moment !== undefined && !Number.isNaN(Date.parse(moment))) view[key] = new Date(moment).toISOString();
  }
  for (const key of ['namespace', 'q', 'sort', 'by', 'open'] as const) {
    const value = text(search[key]);
    if (value !== undefined) view[key] = value;
  }
  if (search['mine'] === 'yes') view.mine = 'yes';
  if (search['move'] === 'came' || search['move'] === 'went') view.move = search['move'];
  return view;
}
