import { z } from 'zod';

/** A label of DNS (RFC 1035 §2.3.1, and digits in front as RFC 1123 §2.1 allows): it stands in addresses of pages and of the API. */
const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Whether a text can name a tenant, a skill or a connector. */
export const isSlug = (text: string): boolean => SLUG.test(text);

/** The short name of a tenant, a skill or a connector. */
export const slug = z.string().regex(SLUG, 'must be lowercase letters, digits and hyphens');
