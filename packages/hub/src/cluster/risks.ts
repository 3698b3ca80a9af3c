import { isWorseRisk, nodesArePublic, nodeVolumes, type WorkloadRisk, workloadRisk } from '@bulwark/analyses';
import {
  ANY_WORKLOAD,
  type Delta,
  hash128,
  type Resource,
  readsAny,
  truncatedSha256,
  type World,
} from '@bulwark/core';
import type { ObjectKey, RiskRow } from '@bulwark/store';
import { idOf } from './stored-rows.ts';

/** What a change did to the risks of workloads. */
export interface RisksDelta {
  readonly risks: readonly RiskRow[];
  /** What has none any more. */
  readonly riskless: readonly ObjectKey[];
  /** Digests of what is stored and the same, as earlier versions made them and as they are now. */
  readonly redigested: readonly { readonly former: string; readonly digest: string }[];
}

/** No change of risks. */
export const NO_RISKS: RisksDelta = { risks: [], riskless: [], redigested: [] };

/** Kinds that report all the time and rarely say news, with what of them matters to risks. */
const SELDOM_NEWS: readonly {
  readonly kinds: readonly string[];
  readonly said: (world: World) => unknown;
}[] = [
  { kinds: ['Node'], said: (world) => world.get(nodesArePublic).width },
  {
    kinds: ['PersistentVolume', 'PersistentVolumeClaim'],
    said: (world) => world.get(nodeVolumes).text,
  },
];

/** The risk of one template, as text and its hash too. */
interface Known {
  readonly resource: Resource;
  readonly risk: WorkloadRisk;
  readonly text: string;
  readonly digest: string;
}

/**
 * The risks of the workloads of one cluster, on the top owners of what was judged, as findings are. Of several templates of
 * one owner the worst counts. Cost: the templates that changed, or all of them where a Service, policy, right or the like did;
 * then a look at each.
 */
export class Risks {
  private readonly world: World;
  private readonly ownerKeyOf: (id: string) => string | undefined;
  private readonly isKnown: (key: ObjectKey) => boolean;
  private byResource: ReadonlyMap<string, Known> = new Map();
  private readonly said: unknown[] = [];
  /** Digests by the key of the workload. */
  private readonly told = new Map<string, { readonly key: ObjectKey; readonly digest: string }>();

  /**
   * @param ownerKeyOf the key of the top owner of a resource of the World, by the id of that.
   * @param isKnown whether it is known how a workload is now, or that it is not there: until then its stored risk stays.
   */
  constructor(
    world: World,
    ownerKeyOf: (id: string) => string | undefined,
    isKnown: (key: ObjectKey) => boolean,
  ) {
    this.world = world;
    this.ownerKeyOf = ownerKeyOf;
    this.isKnown = isKnown;
  }

  /** Takes what was stored before, so that only what is different is told. */
  remember(stored: readonly (ObjectKey & { readonly digest: string })[]): void {
    for (const { digest, ...key } of stored) this.told.set(idOf(key), { key, digest });
  }

  /** Looks again after a change of the World. */
  apply({ kinds }: Pick<Delta, 'kinds'>): RisksDelta {
    this.judge(this.hasNewSurroundings(kinds));
    const worst = new Map<string, Known>();
    for (const [id, known] of this.byResource) {
      const owner = this.ownerKeyOf(id) ?? id;
      const other = worst.get(owner);
      if (other === undefined || isWorseRisk(known, other)) worst.set(owner, known);
    }
    return this.tell(worst);
  }

  /** Whether anything but templates changed that can matter to them. */
  private hasNewSurroundings(kinds: ReadonlySet<string>): boolean {
    const others = new Set(kinds);
    others.delete(ANY_WORKLOAD);
    let hasNews = false;
    for (const [index, { kinds: quiet, said }] of SELDOM_NEWS.entries()) {
      if (quiet.filter((kind) => others.delete(kind)).length === 0) continue;
      const before = this.said[index];
      this.said[index] = said(this.world);
      if (before !== this.said[index]) hasNews = true;
    }
    return hasNews || readsAny([workloadRisk], others);
  }

  private judge(isAnew: boolean): void {
    const before = this.byResource;
    const now = new Map<string, Known>();
    for (const resource of this.world.list(ANY_WORKLOAD)) {
      const known = before.get(resource.id);
      now.set(resource.id, !isAnew && known?.resource === resource ? known : this.known(resource));
    }
    this.byResource = now;
  }

  private known(resource: Resource): Known {
    const risk = this.world.get(workloadRisk).of(resource);
    const text = JSON.stringify(risk);
    return { resource, risk, text, digest: truncatedSha256(text) };
  }

  private tell(worst: ReadonlyMap<string, Known>): RisksDelta {
    const risks: RiskRow[] = [];
    const redigested: RisksDelta['redigested'][number][] = [];
    for (const [id, { risk, digest, text }] of worst) {
      const before = this.told.get(id)?.digest;
      if (before === digest) continue;
      const key = keyOf(id);
      this.told.set(id, { key, digest });
      if (before !== undefined && before === hash128(text)) redigested.push({ former: before, digest });
      else risks.push({ ...key, ...risk, digest });
    }
    const gone = [...this.told].filter(([id, { key }]) => !worst.has(id) && this.isKnown(key));
    for (const [id] of gone) this.told.delete(id);
    return { risks, riskless: gone.map(([, { key }]) => key), redigested };
  }
}

/** The object that a key of the World names: a kind and a namespace have no `|` in them. */
function keyOf(key: string): ObjectKey {
  const [kind = '', namespace = '', ...name] = key.split('|');
  return { kind, namespace, name: name.join('|') };
}
