/** Proving lines and adopting them. All but the claim run with the worker's rights. */
export const ADOPTION = `
-- Claims lines that can be judged now, of each connector the oldest, an equal share of them and at most p_per_connector;
-- they are due again when their claimer has not settled them by p_lease. Connectors that are parked are left alone.
CREATE FUNCTION linkbroker.claim_imported_links(p_now timestamptz, p_limit integer, p_per_connector integer, p_lease interval)
RETURNS TABLE (id uuid, tenant_id uuid, skill_id uuid, connector_id uuid, subject text, attempts integer, tokens integer,
  set_id uuid, set_subject text, version integer, state text, staged boolean, access_expires_at timestamptz,
  refresh_expires_at timestamptz, has_refresh_token boolean, set_scopes text[], updated_at timestamptz, retry_at timestamptz,
  leased boolean, last_error text, sealed bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = linkbroker, pg_temp
  SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY WITH heads AS MATERIALIZED (
    SELECT n.id, d.next_try_at FROM connectors n CROSS JOIN LATERAL (
      SELECT l.next_try_at FROM imported_links l
      WHERE l.connector_id = n.id AND l.state = 'pending' AND l.next_try_at <= p_now
      ORDER BY l.next_try_at LIMIT 1) d
    WHERE n.parked_until IS NULL OR n.parked_until <= p_now
    ORDER BY d.next_try_at LIMIT p_limit),
  oldest AS MATERIALIZED (
    SELECT d.id, d.next_try_at FROM heads h CROSS JOIN LATERAL (
      SELECT l.id, l.next_try_at FROM imported_links l
      WHERE l.connector_id = h.id AND l.state = 'pending' AND l.next_try_at <= p_now
      ORDER BY l.next_try_at LIMIT least(p_per_connector, 1 + p_limit * 2 / (SELECT greatest(count(*), 1) FROM heads))) d
    ORDER BY d.next_try_at LIMIT p_limit),
  locked AS MATERIALIZED (
    SELECT l.id FROM oldest o JOIN imported_links l ON l.id = o.id
    WHERE l.state = 'pending' AND l.next_try_at <= p_now
    FOR UPDATE OF l SKIP LOCKED),
  claimed AS (
    UPDATE imported_links l SET next_try_at = p_now + p_lease, attempts = l.attempts + 1 FROM locked k WHERE l.id = k.id
    RETURNING l.*)
  SELECT c.id, c.tenant_id, c.skill_id, c.connector_id, c.subject, c.attempts,
    (SELECT count(*)::int FROM foreign_tokens f WHERE f.imported_link_id = c.id AND f.kind = 'refresh'),
    u.id, u.subject, u.version, u.state, u.staged, u.access_expires_at, u.refresh_expires_at, u.has_refresh_token, u.scopes,
    u.updated_at, u.retry_at, coalesce(u.lease_until > clock_timestamp(), false), u.last_error, u.sealed
  FROM claimed c JOIN upstream_token_sets u ON u.id = c.token_set_id;
END $$;

-- Makes a staged set the one of p_subject; its id, null when it has moved on since it was read. Where there is one already
-- that works, that one stays and the staged one goes; one that does not work makes room, and its links lead to this one.
CREATE FUNCTION linkbroker.settle_staged_set(p_tenant uuid, p_set uuid, p_subject text, p_domain bytea, p_version integer,
  p_sealed bytea, p_active_due_at timestamptz, p_dormant_due_at timestamptz, p_now timestamptz)
RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE v_connector uuid; v_there linkbroker.upstream_token_sets;
BEGIN
  SELECT u.connector_id INTO v_connector FROM linkbroker.upstream_token_sets AS u WHERE u.id = p_set AND u.tenant_id = p_tenant;
  PERFORM pg_advisory_xact_lock(hashtextextended(v_connector::text || p_subject, 4));
  SELECT u.* INTO v_there FROM linkbroker.upstream_token_sets AS u
    WHERE u.tenant_id = p_tenant AND u.connector_id = v_connector AND u.subject = p_subject FOR UPDATE;
  IF v_there.state = 'active' THEN
    UPDATE linkbroker.imported_links AS l SET token_set_id = v_there.id, next_try_at = CASE WHEN l.state = 'pending' THEN p_now END
    WHERE l.token_set_id = p_set AND l.tenant_id = p_tenant;
    PERFORM linkbroker.drop_staged_set(p_tenant, p_set);
    RETURN v_there.id;
  END IF;
  IF v_there.id IS NOT NULL THEN
    UPDATE linkbroker.upstream_token_sets AS u SET subject = 'replaced:' || u.id, state = 'revoked', has_refresh_token = false,
      access_expires_at = p_now, sealed = '', version = u.version + 1, fence = u.fence + 1, lease_until = NULL,
      active_due_at = NULL, refresh_due_at = NULL, updated_at = p_now
    WHERE u.id = v_there.id AND u.tenant_id = p_tenant;
  END IF;
  UPDATE linkbroker.upstream_token_sets AS u SET staged = false, subject = p_subject, domain = p_domain, version = p_version,
    sealed = p_sealed, fence = u.fence + 1, lease_until = NULL, state = 'active', updated_at = p_now, first_terminal_at = NULL,
    terminal_count = 0, retry_at = NULL, last_error = NULL, failures = 0, unknown_sends = 0,
    active_due_at = p_active_due_at, refresh_due_at = p_dormant_due_at
  WHERE u.id = p_set AND u.tenant_id = p_tenant AND u.staged AND u.version = p_version - 1
    AND (u.lease_until IS NULL OR u.lease_until <= clock_timestamp());
  IF NOT FOUND THEN RAISE EXCEPTION 'the staged set has moved on' USING ERRCODE = 'serialization_failure'; END IF;
  IF v_there.id IS NOT NULL THEN
    UPDATE linkbroker.links AS l SET token_set_id = p_set WHERE l.token_set_id = v_there.id AND l.tenant_id = p_tenant;
    UPDATE linkbroker.imported_links AS l SET token_set_id = p_set WHERE l.token_set_id = v_there.id AND l.tenant_id = p_tenant;
  END IF;
  UPDATE linkbroker.imported_links AS l SET next_try_at = p_now
  WHERE l.token_set_id = p_set AND l.tenant_id = p_tenant AND l.state = 'pending';
  RETURN p_set;
END $$;

-- Adopts a line whose subject its provider has confirmed: the set gets its subject, the link is there, and each of the other
-- server's refresh tokens has a grant of generation 0. Its access tokens go with the first. The link; null where the line
-- was settled meanwhile, or a revocation of its domain is being carried out.
CREATE FUNCTION linkbroker.adopt_imported_link(p_tenant uuid, p_line uuid, p_subject text, p_domain bytea, p_version integer,
  p_sealed bytea, p_active_due_at timestamptz, p_dormant_due_at timestamptz, p_new_link uuid, p_grants uuid[], p_now timestamptz)
RETURNS uuid LANGUAGE plpgsql
  SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
DECLARE v_line linkbroker.imported_links; v_set linkbroker.upstream_token_sets; v_link uuid;
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  -- The set before its lines, as whoever stores what a renewal brought.
  SELECT u.* INTO v_set FROM linkbroker.upstream_token_sets AS u JOIN linkbroker.imported_links AS l ON l.token_set_id = u.id
    WHERE l.id = p_line AND l.tenant_id = p_tenant AND u.tenant_id = p_tenant FOR UPDATE OF u;
  SELECT l.* INTO v_line FROM linkbroker.imported_links AS l
    WHERE l.id = p_line AND l.tenant_id = p_tenant AND l.state = 'pending' AND l.token_set_id = v_set.id FOR UPDATE;
  IF NOT FOUND THEN RETURN NULL; END IF;
  IF v_line.subject <> p_subject OR NOT v_set.staged AND v_set.subject <> p_subject THEN RETURN NULL; END IF;
  IF v_set.staged THEN
    v_set.id := linkbroker.settle_staged_set(p_tenant, v_set.id, p_subject, p_domain, p_version, p_sealed, p_active_due_at,
      p_dormant_due_at, p_now);
  END IF;
  v_link := linkbroker.tie_link(p_tenant, v_line.skill_id, v_line.connector_id, p_subject, v_set.id, p_new_link, p_now);
  IF v_link IS NULL THEN RETURN NULL; END IF;
  INSERT INTO linkbroker.grants (id, tenant_id, skill_id, link_id, created_at, code_expires_at, code_consumed_at, redirect_uri, scopes)
    SELECT g.id, p_tenant, v_line.skill_id, v_link, coalesce(v_line.linked_at, p_now), p_now, p_now, '', v_line.scopes
    FROM unnest(p_grants) AS g(id);
  UPDATE linkbroker.foreign_tokens AS f SET grant_id = CASE WHEN f.kind = 'access' THEN p_grants[1] ELSE n.grant_id END
  FROM (SELECT t.token_hash, t.kind, p_grants[row_number() OVER (PARTITION BY t.kind ORDER BY t.place)] AS grant_id
        FROM linkbroker.foreign_tokens AS t WHERE t.imported_link_id = p_line AND t.tenant_id = p_tenant) AS n
  WHERE f.imported_link_id = p_line AND f.tenant_id = p_tenant AND f.token_hash = n.token_hash AND f.kind = n.kind;
  UPDATE linkbroker.imported_links AS l SET state = 'adopted', reason = NULL, link_id = v_link, token_set_id = v_set.id,
    next_try_at = NULL, ended_at = p_now
  WHERE l.id = p_line AND l.tenant_id = p_tenant;
  RETURN v_link;
END $$;

-- Ends a line for good, with why; what it had staged is forgotten.
CREATE FUNCTION linkbroker.refuse_imported_link(p_tenant uuid, p_line uuid, p_reason text, p_now timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE v_set uuid;
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  SELECT u.id INTO v_set FROM linkbroker.upstream_token_sets AS u JOIN linkbroker.imported_links AS l ON l.token_set_id = u.id
    WHERE l.id = p_line AND l.tenant_id = p_tenant AND u.tenant_id = p_tenant FOR UPDATE OF u;
  UPDATE linkbroker.imported_links AS l SET state = 'refused', reason = p_reason, token_set_id = NULL, next_try_at = NULL, ended_at = p_now
  WHERE l.id = p_line AND l.tenant_id = p_tenant AND l.state = 'pending' AND l.token_set_id = v_set;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM linkbroker.drop_staged_set(p_tenant, v_set);
  RETURN true;
END $$;

-- Tries a line again later; p_reason says what was in the way.
CREATE FUNCTION linkbroker.postpone_imported_link(p_tenant uuid, p_line uuid, p_reason text, p_next timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  UPDATE linkbroker.imported_links AS l SET next_try_at = p_next, reason = p_reason
  WHERE l.id = p_line AND l.tenant_id = p_tenant AND l.state = 'pending';
END $$;

-- The access token of a staged set is no good: its lines wait until the refresh chain has brought another. Where that has
-- happened since it was read, they go on at once.
CREATE FUNCTION linkbroker.renew_staged_set(p_tenant uuid, p_line uuid, p_set uuid, p_version integer, p_now timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  UPDATE linkbroker.upstream_token_sets AS u SET access_expires_at = p_now, refresh_due_at = greatest(p_now, u.retry_at)
  WHERE u.id = p_set AND u.tenant_id = p_tenant AND u.staged AND u.version = p_version;
  UPDATE linkbroker.imported_links AS l SET next_try_at = CASE WHEN FOUND THEN NULL ELSE p_now END
  WHERE l.id = p_line AND l.tenant_id = p_tenant AND l.state = 'pending';
END $$;

-- What waited for its set to be renewed can be proved now, or never. With the rights of whoever stored what was brought.
CREATE FUNCTION linkbroker.wake_imported_links() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE linkbroker.imported_links AS l SET next_try_at = NEW.updated_at
  WHERE l.token_set_id = NEW.id AND l.tenant_id = NEW.tenant_id AND l.state = 'pending';
  RETURN NULL;
END $$;
CREATE TRIGGER wake_imported_links AFTER UPDATE OF version, state ON linkbroker.upstream_token_sets FOR EACH ROW
  WHEN (NEW.staged AND (NEW.version <> OLD.version OR NEW.state = 'dead'))
  EXECUTE FUNCTION linkbroker.wake_imported_links();
`;
