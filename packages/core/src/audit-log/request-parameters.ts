const LONGEST = 4096;

/**
 * The parameters of a request's address (requestURI of an audit event), as the API server reads them, which is url.ParseQuery of Go: a
 * pair with a semicolon or a bad escape is none. Of an address that is longer than any that is meant none is read, as Go may read none.
 * Source: https://pkg.go.dev/net/url#ParseQuery
 */
export function requestParameters(address: string): ReadonlyMap<string, readonly string[]> {
  const byName = new Map<string, string[]>();
  const start = address.indexOf('?');
  if (start < 0 || address.length > LONGEST) return byName;
  for (const pair of address.slice(start + 1).split('&')) {
    const end = pair.includes('=') ? pair.indexOf('=') : pair.length;
    const [name, value] = [decoded(pair.slice(0, end)), decoded(pair.slice(end + 1))];
    if (pair.includes(';') || name === undefined || value === undefined) continue;
    const values = byName.get(name) ?? [];
    byName.set(name, values);
    values.push(value);
  }
  return byName;
}

/** Undefined for what is escaped wrongly, or is no UTF-8, of which nothing is read here. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
