/**
 * What 0012, 0013, 0018 and 0024 made, knowing of sets that are staged and of skills that have tokens of another server.
 */
export const KNOWING_STAGED_SETS = `
-- Claims what is due, of each connector that has something due the oldest, an equal share of them and at most
-- p_per_connector, with its lease and journal entry. Connectors that are parked are not looked at. A set keeps its place
-- among what is due while it is leased, and is left alone: when its claimer dies, it is end_lost_attempts that takes the
-- lease off and says when it is due. Sets that no living grant leads to are not refreshed
-- any more, but for those that are staged.
-- A row is found once, by the index, and from then on by its place: a row that moved in the meantime is not claimed.
-- Planning takes as long as finding that nothing is due, so one plan serves every call; and since that plan cannot know
-- how few rows the limits leave, it is told the only good way: from row to row, in the order of
-- the index, and never to look at a whole table for what one row needs (OFFSET 0 keeps it from that).
CREATE OR REPLACE FUNCTION linkbroker.claim_due_token_sets(p_now timestamptz, p_limit integer, p_per_connector integer, p_lease interval)
RETURNS TABLE (tenant_id uuid, set_id uuid, connector_id uuid, version integer, state text, access_expires_at timestamptz,
  refresh_expires_at timestamptz, has_refresh_token boolean, set_scopes text[], updated_at timestamptz, retry_at timestamptz,
  leased boolean, sealed bytea, failures integer, fence integer, attempt_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = linkbroker, pg_temp
  SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off
  SET enable_mergejoin = off SET jit = off AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY WITH heads AS MATERIALIZED (
    SELECT n.id, d.refresh_due_at FROM connectors n CROSS JOIN LATERAL (
      SELECT u.refresh_due_at FROM upstream_token_sets u
      WHERE u.connector_id = n.id AND u.refresh_due_at <= p_now AND u.lease_until IS NULL
      ORDER BY u.refresh_due_at LIMIT 1) d
    WHERE n.parked_until IS NULL OR n.parked_until <= p_now
    ORDER BY d.refresh_due_at LIMIT p_limit),
  oldest AS MATERIALIZED (
    SELECT d.place, d.refresh_due_at FROM heads h CROSS JOIN LATERAL (
      SELECT u.ctid AS place, u.refresh_due_at FROM upstream_token_sets u
      WHERE u.connector_id = h.id AND u.refresh_due_at <= p_now AND u.lease_until IS NULL
      ORDER BY u.refresh_due_at
      LIMIT least(p_per_connector, 1 + p_limit * 2 / (SELECT greatest(count(*), 1) FROM heads))) d
    ORDER BY d.refresh_due_at),
  locked AS MATERIALIZED (
    SELECT u.id, u.ctid AS place, u.staged FROM oldest o JOIN upstream_token_sets u ON u.ctid = o.place
    WHERE u.refresh_due_at <= p_now AND u.lease_until IS NULL
      -- Sent, and not known what became of it: end_lost_attempts has the first word.
      AND NOT EXISTS (SELECT 1 FROM upstream_refresh_attempts a
                      WHERE a.token_set_id = u.id AND a.fence = u.fence AND a.sent_at IS NOT NULL AND a.ended_at IS NULL OFFSET 0)
    ORDER BY o.refresh_due_at LIMIT p_limit FOR UPDATE OF u SKIP LOCKED),
  needed AS MATERIALIZED (
    SELECT k.place, k.staged OR EXISTS (
      SELECT 1 FROM links l JOIN grants g ON g.link_id = l.id
      WHERE l.token_set_id = k.id AND g.revoked_at IS NULL
        AND (g.code_consumed_at IS NOT NULL OR g.code_expires_at > p_now) OFFSET 0) AS live
    FROM locked k),
  ended AS (
    UPDATE upstream_token_sets u SET refresh_due_at = NULL FROM needed WHERE u.ctid = needed.place AND NOT needed.live),
  claimed AS (
    UPDATE upstream_token_sets u
    SET fence = u.fence + 1, lease_until = clock_timestamp() + p_lease
    FROM needed WHERE u.ctid = needed.place AND needed.live
    RETURNING u.*, gen_random_uuid() AS attempt_id),
  journal AS (
    INSERT INTO upstream_refresh_attempts (id, tenant_id, token_set_id, connector_id, fence, version, began_at)
    SELECT c.attempt_id, c.tenant_id, c.id, c.connector_id, c.fence, c.version, clock_timestamp() FROM claimed c)
  SELECT c.tenant_id, c.id, c.connector_id, c.version, c.state, c.access_expires_at, c.refresh_expires_at,
    c.has_refresh_token, c.scopes, c.updated_at, c.retry_at, true, c.sealed, c.failures, c.fence, c.attempt_id
  FROM claimed c;
END $$;

-- Tells when a set becomes at risk or dies, and when its connector is parked and had not been for that reason within the hour.
CREATE OR REPLACE FUNCTION linkbroker.fail_token_refresh(p_tenant uuid, p_set uuid, p_fence integer, p_attempt uuid, p_outcome text,
  p_error_code text, p_retry_at timestamptz, p_due_at timestamptz, p_now timestamptz)
RETURNS TABLE (state text, parked text) LANGUAGE plpgsql AS $$
DECLARE v_set linkbroker.upstream_token_sets; v_burst bigint; v_before text; v_ended uuid[]; v_newly_parked boolean;
BEGIN
  PERFORM set_config('linkbroker.tenant_id', p_tenant::text, true);
  UPDATE linkbroker.upstream_refresh_attempts AS a
  SET ended_at = clock_timestamp(), outcome = p_outcome, error_code = p_error_code
  WHERE a.id = p_attempt AND a.tenant_id = p_tenant;
  SELECT u.state INTO v_before FROM linkbroker.upstream_token_sets AS u WHERE u.id = p_set AND u.tenant_id = p_tenant FOR UPDATE;
  -- A refused token is asked about less and less often, however eager the callers are.
  UPDATE linkbroker.upstream_token_sets AS u SET lease_until = NULL, last_error = p_error_code,
    retry_at = CASE WHEN p_outcome = 'terminal' AND p_retry_at IS NOT NULL
      THEN greatest(p_retry_at, p_now + least(900, 30 * 2 ^ least(u.terminal_count, 5)) * interval '1 second') ELSE p_retry_at END,
    -- A staged set has nothing to serve meanwhile: it is asked about again soon, and less and less often.
    refresh_due_at = CASE WHEN u.staged AND p_outcome = 'terminal'
      THEN p_now + interval '1 minute' * 4 ^ least(u.terminal_count, 4) ELSE p_due_at END, failures = u.failures + 1,
    terminal_count = u.terminal_count + (p_outcome = 'terminal')::integer,
    first_terminal_at = CASE WHEN p_outcome = 'terminal' THEN coalesce(u.first_terminal_at, p_now) ELSE u.first_terminal_at END,
    state = CASE WHEN p_outcome = 'terminal' THEN 'at_risk' ELSE u.state END
  WHERE u.id = p_set AND u.tenant_id = p_tenant AND u.fence = p_fence
  RETURNING u.* INTO v_set;
  state := v_set.state;
  IF p_outcome = 'misconfigured' THEN parked := 'misconfigured'; END IF;
  IF p_outcome = 'terminal' THEN
    -- What an import brought and is worth nothing is no storm of the provider's, and holds up nobody else.
    SELECT count(DISTINCT a.token_set_id) INTO v_burst FROM linkbroker.upstream_refresh_attempts AS a
      JOIN linkbroker.upstream_token_sets AS s ON s.id = a.token_set_id AND s.tenant_id = p_tenant AND NOT s.staged
    WHERE NOT v_set.staged AND a.connector_id = v_set.connector_id AND a.tenant_id = p_tenant AND a.outcome = 'terminal'
      AND a.ended_at > clock_timestamp() - interval '1 hour';
    -- More than one in a hundred: no more sets are counted than would say otherwise.
    IF v_burst >= 20 OR (v_burst >= 3 AND v_burst * 100 > (SELECT count(*) FROM (
        SELECT 1 FROM linkbroker.upstream_token_sets AS o
        WHERE o.tenant_id = p_tenant AND o.connector_id = v_set.connector_id AND NOT o.staged LIMIT v_burst * 100) AS counted)) THEN
      parked := 'burst';
    ELSIF v_set.terminal_count >= 2 AND v_set.first_terminal_at <= p_now - interval '20 seconds'
      AND (v_set.first_terminal_at <= p_now - interval '6 hours' OR v_set.access_expires_at <= p_now)
      AND (EXISTS (SELECT 1 FROM linkbroker.upstream_token_sets AS o WHERE o.tenant_id = p_tenant
                     AND o.connector_id = v_set.connector_id AND o.id <> p_set AND o.updated_at >= v_set.first_terminal_at)
        OR NOT EXISTS (SELECT 1 FROM linkbroker.upstream_token_sets AS o WHERE o.tenant_id = p_tenant
                     AND o.connector_id = v_set.connector_id AND o.id <> p_set AND o.last_error IS NOT NULL))
    THEN
      v_ended := linkbroker.live_links(p_tenant, ARRAY[p_set]);
      UPDATE linkbroker.upstream_token_sets AS u SET state = 'dead', refresh_due_at = NULL
      WHERE u.id = p_set AND u.tenant_id = p_tenant;
      UPDATE linkbroker.grants AS g SET revoked_at = p_now, revoke_reason = 'upstream dead'
      WHERE g.tenant_id = p_tenant AND g.revoked_at IS NULL
        AND g.link_id IN (SELECT l.id FROM linkbroker.links AS l WHERE l.token_set_id = p_set AND l.tenant_id = p_tenant);
      state := 'dead';
    END IF;
  END IF;
  IF parked IS NOT NULL THEN
    SELECT n.parked_reason IS DISTINCT FROM parked OR n.parked_until < p_now - interval '1 hour' INTO v_newly_parked
    FROM linkbroker.connectors AS n WHERE n.id = v_set.connector_id AND n.tenant_id = p_tenant FOR UPDATE;
    UPDATE linkbroker.connectors AS n SET parked_until = p_now + interval '10 minutes', parked_reason = parked
    WHERE n.id = v_set.connector_id AND n.tenant_id = p_tenant;
    IF v_newly_parked THEN PERFORM linkbroker.tell_connector_parked(p_tenant, v_set.connector_id, parked, p_now); END IF;
  END IF;
  IF state = 'dead' THEN
    PERFORM linkbroker.tell_links(p_tenant, v_ended, 'link.dead', '{}', p_now);
  ELSIF state = 'at_risk' AND v_before = 'active' THEN
    PERFORM linkbroker.tell_links(p_tenant, linkbroker.live_links(p_tenant, ARRAY[p_set]), 'link.at_risk', '{}', p_now);
  END IF;
  RETURN NEXT;
END $$;

-- By connector: at_risk and dead by their state; failing are those that are active and whose last attempt brought nothing.
CREATE OR REPLACE FUNCTION linkbroker.count_unwell_token_sets()
RETURNS TABLE (tenant_slug text, connector_slug text, state text, count bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  SELECT t.slug, n.slug, CASE u.state WHEN 'active' THEN 'failing' ELSE u.state END, u.count
  FROM (SELECT s.connector_id, s.state, count(*) AS count FROM upstream_token_sets s
        WHERE (s.state IN ('at_risk', 'dead') OR s.failures > 0) AND s.state <> 'revoked' AND NOT s.staged
        GROUP BY s.connector_id, s.state) u
    JOIN connectors n ON n.id = u.connector_id JOIN tenants t ON t.id = n.tenant_id
  WHERE n.removed_at IS NULL
$$;

CREATE OR REPLACE FUNCTION linkbroker.resolve_client(p_client_id text) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = linkbroker, pg_temp AS $$
  SELECT jsonb_build_object(
    'clientId', c.client_id, 'kind', c.kind,
    'secrets', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'hash', s.hash) ORDER BY s.created_at DESC), '[]')
                FROM client_secrets s WHERE s.client_id = c.client_id AND s.retired_at IS NULL),
    'skill', jsonb_build_object(
      'id', k.id, 'tenantId', k.tenant_id, 'tenantSlug', t.slug, 'tenantName', t.name, 'slug', k.slug, 'name', k.name,
      'clientId', (SELECT a.client_id FROM clients a WHERE a.skill_id = k.id AND a.kind = 'alexa'),
      'redirectUris', k.redirect_uris, 'grantTypes', k.grant_types, 'scopes', k.scopes, 'pkce', k.pkce,
      'accessTokenTtl', k.access_token_ttl, 'refreshKeep', k.refresh_keep,
      'tokenMode', k.token_mode, 'branding', k.branding,
      'connectors', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', n.id, 'slug', n.slug, 'name', n.name, 'provider', n.provider) ORDER BY sc.position), '[]')
                     FROM skill_connectors sc JOIN connectors n ON n.id = sc.connector_id
                     WHERE sc.skill_id = k.id AND n.removed_at IS NULL))
      || CASE WHEN k.alexa_skill_id IS NULL THEN '{}' ELSE jsonb_build_object('alexaSkillId', k.alexa_skill_id) END
      || CASE WHEN k.implicit_token_ttl IS NULL THEN '{}' ELSE jsonb_build_object('implicitTokenTtl', k.implicit_token_ttl) END
      || CASE WHEN k.relay IS NULL THEN '{}' ELSE jsonb_build_object(
           'relay', k.relay || jsonb_build_object('sealedSecret', encode(k.relay_secret, 'base64'))) END
      || CASE WHEN k.events IS NULL THEN '{}' ELSE jsonb_build_object(
           'events', k.events || jsonb_build_object('sealedSecret', encode(k.events_secret, 'base64'))) END
      || CASE WHEN EXISTS (SELECT 1 FROM foreign_tokens f WHERE f.skill_id = k.id) THEN '{"foreignTokens": true}'::jsonb ELSE '{}' END)
  FROM clients c JOIN skills k ON k.id = c.skill_id JOIN tenants t ON t.id = k.tenant_id
  WHERE c.client_id = p_client_id AND k.removed_at IS NULL
$$;
`;
