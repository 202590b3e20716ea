export function publishedManifest(text: string): string
