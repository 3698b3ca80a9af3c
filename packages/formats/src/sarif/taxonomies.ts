import type { Control, Framework } from '@bulwark/core';

/** The name of the taxonomy of attack techniques. */
export const ATTACK = 'MITRE ATT&CK';
const ATTACK_ADDRESS = 'https://attack.mitre.org';

/** A toolComponent that holds a taxonomy (SARIF 2.1.0, 3.19). */
interface Taxonomy {
  readonly name: string;
  readonly fullName?: string;
  readonly version?: string;
  readonly informationUri: string;
  readonly isComprehensive: boolean;
  readonly taxa: readonly Taxon[];
}

/** A category of a taxonomy. */
interface Taxon {
  readonly id: string;
  readonly shortDescription?: { readonly text: string };
  readonly helpUri?: string;
}

/** A rule's relation to a category (SARIF 2.1.0, 3.53). */
export interface Relationship {
  readonly target: {
    readonly id: string;
    readonly index: number;
    readonly toolComponent: { readonly name: string; readonly index: number };
  };
  readonly kinds: readonly ['relevant'];
}

/** The taxonomies of a run, and what each control means in them. Frameworks without a control that ran are left out. */
export class Taxonomies {
  readonly all: readonly Taxonomy[];
  private readonly relations = new Map<string, Relationship[]>();

  constructor(controls: readonly Control[], known: readonly Framework[]) {
    const ran = new Set(controls.map(({ id }) => id));
    const frameworks = known.filter(({ requirements }) =>
      requirements.some(
        ({ coverage }) => coverage.kind === 'automated' && coverage.controls.some((id) => ran.has(id)),
      ),
    );
    frameworks.forEach((framework, index) => {
      this.relateFramework(framework, index);
    });
    const techniques = [...new Set(controls.flatMap(({ attack }) => attack))].sort();
    this.relateTechniques(controls, techniques, frameworks.length);
    this.all = [...frameworks.map(taxonomyOf), ...attackTaxonomy(techniques)];
  }

  relationshipsOf(control: string): readonly Relationship[] {
    return this.relations.get(control) ?? [];
  }

  private relateFramework({ id: name, requirements }: Framework, index: number): void {
    requirements.forEach(({ id, coverage }, at) => {
      if (coverage.kind !== 'automated') return;
      for (const control of coverage.controls)
        this.relate(control, { id, index: at, toolComponent: { name, index } });
    });
  }

  private relateTechniques(controls: readonly Control[], techniques: readonly string[], index: number): void {
    for (const { id: control, attack } of controls)
      for (const id of attack)
        this.relate(control, { id, index: techniques.indexOf(id), toolComponent: { name: ATTACK, index } });
  }

  private relate(control: string, target: Relationship['target']): void {
    const relations = this.relations.get(control);
    const relation: Relationship = { target, kinds: ['relevant'] };
    if (relations === undefined) this.relations.set(control, [relation]);
    else relations.push(relation);
  }
}

function taxonomyOf({ id, title, version, source, requirements }: Framework): Taxonomy {
  return {
    name: id,
    fullName: title,
    version,
    informationUri: source,
    isComprehensive: true,
    taxa: requirements.map((requirement) => ({
      id: requirement.id,
      shortDescription: { text: requirement.title },
    })),
  };
}

function attackTaxonomy(techniques: readonly string[]): Taxonomy[] {
  if (techniques.length === 0) return [];
  const taxa = techniques.map((id) => ({
    id,
    helpUri: `${ATTACK_ADDRESS}/techniques/${encodeURI(id.replace('.', '/'))}/`,
  }));
  return [{ name: ATTACK, informationUri: `${ATTACK_ADDRESS}/`, isComprehensive: false, taxa }];
}
