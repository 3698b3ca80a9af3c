/** Where facts of support come from, and the day on which they were looked up. */
export interface FactSource {
  readonly url: string;
  /** YYYY-MM-DD. */
  readonly seen: string;
}

/** The last days of support of a product's versions, as YYYY-MM-DD. What is not listed is not known. */
export interface SupportTable {
  readonly source: FactSource;
  readonly ends: Readonly<Record<string, string>>;
}

/** Minor versions of Kubernetes. Those that are not out of support yet are as announced. */
export const KUBERNETES_SUPPORT: SupportTable = {
  source: { url: 'https://kubernetes.io/releases/patch-releases/', seen: '2026-11-26' },
  ends: {
    '1.16': '2020-09-02',
    '1.17': '2021-01-13',
    '1.18': '2021-06-18',
    '1.19': '2021-10-28',
    '1.20': '2022-02-28',
    '1.21': '2022-06-28',
    '1.22': '2022-12-08',
    '1.23': '2023-02-28',
    '1.24': '2023-07-28',
    '1.25': '2023-10-28',
    '1.26': '2024-02-28',
    '1.27': '2024-07-16',
    '1.28': '2024-10-22',
    '1.29': '2025-02-28',
    '1.30': '2025-07-15',
    '1.31': '2025-11-11',
    '1.32': '2026-02-28',
    '1.33': '2026-06-28',
    '1.34': '2026-10-27',
    '1.35': '2027-02-28',
    '1.36': '2027-06-28',
  },
};

/** Minor versions of containerd. Of those of which only a month was announced, its last day. */
export const CONTAINERD_SUPPORT: SupportTable = {
  source: { url: 'https://github.com/containerd/containerd/blob/main/RELEASES.md', seen: '2026-11-26' },
  ends: {
    '1.0': '2018-12-05',
    '1.1': '2019-10-23',
    '1.2': '2020-10-15',
    '1.3': '2021-03-04',
    '1.4': '2022-03-03',
    '1.5': '2023-02-28',
    '1.6': '2025-08-23',
    '1.7': '2026-09-30',
    '2.0': '2025-11-07',
    '2.1': '2026-05-05',
    '2.2': '2026-11-06',
  },
};

/** A Linux distribution, as a node names it in `status.nodeInfo.osImage`. */
interface Distribution extends SupportTable {
  readonly name: string;
  /** Its first group is the version that the table knows. */
  readonly image: RegExp;
}

/**
 * Distributions whose free support ends on days that are well known; what is sold beyond them is not counted. Kernels are not
 * listed: that of a node is kept by its distribution, whatever kernel.org says of the version.
 */
export const DISTRIBUTION_SUPPORT: readonly Distribution[] = [
  {
    name: 'Ubuntu',
    image: /^Ubuntu (\d\d\.\d\d)/,
    source: { url: 'https://ubuntu.com/about/release-cycle', seen: '2026-11-26' },
    ends: { '16.04': '2021-04-30', '18.04': '2023-05-31', '20.04': '2025-05-31' },
  },
  {
    name: 'Debian',
    image: /^Debian GNU\/Linux (\d+)/,
    source: { url: 'https://wiki.debian.org/LTS', seen: '2026-11-26' },
    ends: { 9: '2022-06-30', 10: '2024-06-30', 11: '2026-08-31', 12: '2028-06-30', 13: '2030-06-30' },
  },
  {
    name: 'CentOS Linux',
    image: /^CentOS Linux (\d+)/,
    source: { url: 'https://www.centos.org/centos-linux-eol/', seen: '2026-11-26' },
    ends: { 7: '2024-06-30', 8: '2021-12-31' },
  },
  {
    name: 'Amazon Linux',
    image: /^Amazon Linux (\d+)/,
    source: { url: 'https://aws.amazon.com/amazon-linux-2/faqs/', seen: '2026-11-26' },
    ends: { 2: '2026-06-30', 2023: '2029-06-30' },
  },
];
