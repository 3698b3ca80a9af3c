import { readFileSync } from 'node:fs';
import { DEFAULT_OWNERSHIP, type OwnershipSettings, readOwnersFile } from '@bulwark/core';
import type { CertificateFiles } from '@bulwark/hub';
import { UsageError } from '../exit.ts';
import type { Watched } from './places.ts';
import type { HubSettings, SettingName } from './settings.ts';
import { mustBeRight, type Told } from './told.ts';

/** What stands in the files that settings name. */
export interface HubFiles {
  readonly tls?: CertificateFiles;
  readonly ownership: OwnershipSettings;
}

/**
 * Reads the files that settings name.
 *
 * @param watched what is wrong with how clusters are named is said with the rest.
 * @throws UsageError with everything that is wrong with the settings and with these files.
 */
export async function hubFiles(
  { settings, sourceOf, faults: before }: Told,
  watched: Pick<Watched, 'faults'>,
): Promise<HubFiles> {
  const faults: string[] = [...before];
  const textOf = (name: SettingName, file: string | undefined): string | undefined => {
    if (file === undefined) return undefined;
    try {
      return readFileSync(file, 'utf8');
    } catch (error) {
      const { code = 'unreadable' } = error as { readonly code?: string };
      faults.push(`${sourceOf(name)}: ${file} cannot be read (${code})`);
      return undefined;
    }
  };
  const { tlsCert, tlsKey } = settings;
  if ((tlsCert === undefined) !== (tlsKey === undefined))
    faults.push(
      `${sourceOf(tlsCert === undefined ? 'tlsKey' : 'tlsCert')}: a certificate and its key go together`,
    );
  const tls = tlsCert !== undefined && tlsKey !== undefined ? { cert: tlsCert, key: tlsKey } : undefined;
  const parts = [textOf('tlsCert', tlsCert), textOf('tlsKey', tlsKey)];
  if (tls !== undefined && !parts.includes(undefined)) {
    const { readCertificate } = await import('@bulwark/hub');
    const certificate = readCertificate(tls);
    if (!certificate.ok) faults.push(`${sourceOf('tlsCert')}: ${certificate.error}`);
  }
  faults.push(...watched.faults);
  const owners = textOf('owners', settings.owners);
  const read = readOwnersFile(owners ?? '', settings.owners ?? '');
  faults.push(...read.problems.map(({ line, reason }) => `${settings.owners}:${line}: ${reason}`));
  if (before.length > 0) mustBeRight(faults);
  if (faults.length > 0) throw new UsageError(faults.join('\n'));
  return {
    ...(tls && { tls }),
    ownership: { ...ownershipKeys(settings), rules: read.rules },
  };
}

function ownershipKeys({ ownerKeys, contactKeys, environmentKeys, criticalityKeys }: HubSettings) {
  return {
    ownerKeys: ownerKeys ?? DEFAULT_OWNERSHIP.ownerKeys,
    contactKeys: contactKeys ?? DEFAULT_OWNERSHIP.contactKeys,
    environmentKeys: environmentKeys ?? DEFAULT_OWNERSHIP.environmentKeys,
    criticalityKeys: criticalityKeys ?? DEFAULT_OWNERSHIP.criticalityKeys,
  };
}
