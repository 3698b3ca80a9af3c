/** What a request is about, as faults and rights see it. */
export interface RequestFacts {
  readonly verb: 'get' | 'list' | 'watch' | 'discovery';
  readonly group: string;
  /** The name in paths; empty for requests about no resource. */
  readonly resource: string;
  readonly namespace: string;
  readonly path: string;
}

/** What goes wrong. */
export type Fault =
  | {
      readonly status: number;
      readonly retryAfter?: number;
      readonly message?: string;
      readonly body?: string;
    }
  /** Never answers. */
  | { readonly hang: true }
  /** Cuts the connection before the answer. */
  | { readonly cut: true }
  /** Answers, and cuts after that many bytes. */
  | { readonly cutAfterBytes: number }
  /** Answers after a time. */
  | { readonly delayMs: number }
  /** Sends this in the place of the answer, or as a line of a watch. */
  | { readonly garbage: string };

/** A fault, and the requests that it hits. */
export interface FaultRule {
  readonly verb?: RequestFacts['verb'];
  readonly resource?: string;
  readonly path?: RegExp;
  /** How often it hits; always where it is undefined. */
  readonly times?: number;
  readonly fault: Fault;
}

/** The faults of a server, the last added first. */
export class Faults {
  private rules: { readonly rule: FaultRule; left: number }[] = [];

  /** Adds a fault; the answer takes it away. */
  add(rule: FaultRule): () => void {
    const entry = { rule, left: rule.times ?? Number.POSITIVE_INFINITY };
    this.rules.unshift(entry);
    return () => {
      this.rules = this.rules.filter((each) => each !== entry);
    };
  }

  clear(): void {
    this.rules = [];
  }

  /** The fault that hits a request; it counts as a hit. */
  next(facts: RequestFacts): Fault | undefined {
    const found = this.rules.find(({ rule, left }) => left > 0 && hits(rule, facts));
    if (found === undefined) return undefined;
    found.left--;
    return found.rule.fault;
  }
}

function hits({ verb, resource, path }: FaultRule, facts: RequestFacts): boolean {
  return (
    (verb === undefined || verb === facts.verb) &&
    (resource === undefined || resource === facts.resource) &&
    (path === undefined || path.test(facts.path))
  );
}
