/** How many looks at a cluster lie between two at its version. */
const EVERY = 6;
/** While a control plane is upgraded, its servers have different versions: only what is said so often in a row counts. */
const SURE_AFTER = 3;

/** Notices that the API server has another version than before. */
export class VersionLook {
  private readonly onChange: (version: string) => void;
  private known: string | undefined;
  private other: { readonly version: string; readonly times: number } | undefined;
  private looks = 0;

  /**
   * @param known the version that it is known to have; otherwise it is the first that is heard.
   * @param onChange told of another version, once.
   */
  constructor(known: string | undefined, onChange: (version: string) => void) {
    this.known = known;
    this.onChange = onChange;
  }

  /** To be asked at each look at the cluster: whether to look at its version, too. */
  isDue(): boolean {
    return this.looks++ % EVERY === 0 || this.other !== undefined;
  }

  /** The server did not answer for a while: it may have been replaced. */
  away(): void {
    this.looks = 0;
  }

  /** @param version as the server says it; one that is empty says nothing. */
  heard(version: string): void {
    this.known ??= version;
    if (version === this.known || version === '') {
      this.other = undefined;
      return;
    }
    const times = version === this.other?.version ? this.other.times + 1 : 1;
    this.other = { version, times };
    if (times < SURE_AFTER) return;
    this.known = version;
    this.other = undefined;
    this.onChange(version);
  }
}
