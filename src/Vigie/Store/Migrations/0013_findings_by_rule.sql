-- Findings counted by rule without reading their texts, and the latest of a rule.
DROP INDEX finding_by_detector;
CREATE INDEX finding_by_rule ON finding (detector, rule, last_seen, id, muted, severity, first_seen);
