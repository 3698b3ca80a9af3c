/** How many there are of something, as in `1 pod` and `1,200 pods`. */
export function amount(count: number, one: string): string {
  return `${count.toLocaleString('en')} ${one}${count === 1 ? '' : 's'}`;
}
