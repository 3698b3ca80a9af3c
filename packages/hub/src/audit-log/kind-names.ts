import { type GroupKind, groupKindOf } from '@bulwark/core';
import { WATCHED_KINDS } from '@bulwark/kube';
import { customKinds, type Store } from '@bulwark/store';

/** How long it is believed that a resource is of no kind that is watched, in milliseconds. */
const BELIEVED_MS = 10_000;

/** What the audit log calls by its resource, such as apps and deployments, by its kind. */
export class KindNames {
  private readonly store: Store;
  private readonly now: () => Date;
  private readonly watched: ReadonlyMap<string, GroupKind>;
  private readonly custom = new Map<
    number,
    { readonly at: number; readonly kinds: ReadonlyMap<string, GroupKind> }
  >();

  /** @param settings.secrets whether Secrets are watched. */
  constructor({
    store,
    secrets,
    now,
  }: { readonly store: Store; readonly secrets: boolean; readonly now: () => Date }) {
    this.store = store;
    this.now = now;
    this.watched = new Map(
      WATCHED_KINDS.filter(({ isSecret }) => secrets || isSecret !== true).map(
        ({ group, resource, kind }) => [`${group}/${resource}`, groupKindOf(group, kind)],
      ),
    );
  }

  /** The kinds of resources of a cluster, by `GROUP/RESOURCE`; without what no change can be of. */
  async of(cluster: number, resources: ReadonlySet<string>): Promise<ReadonlyMap<string, GroupKind>> {
    const unknown = [...resources].some((resource) => isCustom(resource) && !this.watched.has(resource));
    const custom = unknown ? await this.customOf(cluster, resources) : NONE;
    const found = [...resources].flatMap((resource) => {
      const kind = this.watched.get(resource) ?? custom.get(resource);
      return kind === undefined ? [] : [[resource, kind] as const];
    });
    return new Map(found);
  }

  private async customOf(
    cluster: number,
    resources: ReadonlySet<string>,
  ): Promise<ReadonlyMap<string, GroupKind>> {
    const known = this.custom.get(cluster);
    const isFresh = known !== undefined && this.now().getTime() - known.at < BELIEVED_MS;
    const isComplete = [...resources].every(
      (each) => this.watched.has(each) || known?.kinds.has(each) === true,
    );
    if (known !== undefined && (isFresh || isComplete)) return known.kinds;
    const kinds = new Map(
      (await customKinds(this.store, cluster)).map(({ group, resource, kind }) => [
        `${group}/${resource}`,
        groupKindOf(group, kind),
      ]),
    );
    this.custom.set(cluster, { at: this.now().getTime(), kinds });
    return kinds;
  }
}

const NONE: ReadonlyMap<string, GroupKind> = new Map();

/** Groups of custom kinds are domains, and not of Kubernetes itself. */
function isCustom(resource: string): boolean {
  const [group = ''] = resource.split('/');
  return group.includes('.');
}
