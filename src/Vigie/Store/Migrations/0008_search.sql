-- Full text over findings, incidents and entities. All of it is made from other tables and can be made again: no backup holds it,
-- and what is restored is indexed anew, since putting a row into its table puts it into the queue.

-- What is to be indexed, or to be forgotten, in the order in which it came: 0 a finding by its id, 1 an incident by its number,
-- 2 an entity by its kind, a blank and its value.
CREATE TABLE search_queue (
    id {identity},
    kind SMALLINT NOT NULL,
    ref TEXT NOT NULL
);
-- A finding comes and goes once, so there is no need to look whether it waits already: its key would be anywhere in the index.
CREATE UNIQUE INDEX search_queue_by_ref ON search_queue (kind, ref) WHERE kind > 0;

-- The number a finding has in the index; later ones are higher.
CREATE TABLE search_finding (
    id {identity},
    finding_id TEXT NOT NULL
);
CREATE UNIQUE INDEX search_finding_by_ref ON search_finding (finding_id);
{full-text:search_finding_text}

-- An incident has its own number.
{full-text:search_incident_text}

-- Entities, each once however many findings name it.
CREATE TABLE search_entity (
    id {identity},
    kind TEXT NOT NULL,
    value TEXT NOT NULL
);
CREATE UNIQUE INDEX search_entity_by_ref ON search_entity (value, kind);
{full-text:search_entity_text}

{enqueue:INSERT finding 0 row.id}
{enqueue:DELETE finding 0 row.id}
{enqueue:DELETE finding_entity 2 row.kind || ' ' || row.value}
{enqueue:INSERT incident 1 CAST(row.id AS TEXT)}
{enqueue:UPDATE incident 1 CAST(row.id AS TEXT)}
{enqueue:DELETE incident 1 CAST(row.id AS TEXT)}
{enqueue:INSERT incident_comment 1 CAST(row.incident_id AS TEXT)}

INSERT INTO search_queue (kind, ref) SELECT 1, CAST(id AS TEXT) FROM incident ORDER BY id;
INSERT INTO search_queue (kind, ref) SELECT 0, id FROM finding ORDER BY last_seen;
