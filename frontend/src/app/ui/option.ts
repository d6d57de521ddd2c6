/** One of what can be chosen. */
export interface Option {
  readonly value: string;
  readonly label: string;
  /** Where it is, if that is not clear. */
  readonly hint?: string;
  /** Language of the label, if it is not that of the page. */
  readonly language?: string;
}
