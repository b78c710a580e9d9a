/** A form on a page, as a program without a browser reads it. */
export interface Form {
  action: string;
  /** Every field that has a name, with the value it comes with. */
  fields: Map<string, string>;
}

/** The forms of a page, in their order. */
export function forms(page: string): Form[] {
  return [...page.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)].map(([, attributes, inside]) => ({
    action: attribute(attributes, "action") ?? "",
    fields: new Map(
      [...inside.matchAll(/<(?:input|button)\b([^>]*)>/g)]
        .map(([, field]) => [attribute(field, "name"), attribute(field, "value") ?? ""] as const)
        .filter((field): field is [string, string] => field[0] !== undefined),
    ),
  }));
}

function attribute(attributes: string, name: string): string | undefined {
  const found = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes);
  return found?.[1].replace(/&(amp|lt|gt|quot|#39);/g, (_, entity: string) => ENTITIES[entity]);
}

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
