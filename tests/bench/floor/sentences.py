"""The SQL of the floor, one query a job beside that of the session."""

PERSON = """
SELECT a.id, a.name FROM account_session s JOIN account a ON a.id = s.account_id
WHERE s.token_hash = %(token)s AND s.ended_at IS NULL AND s.expires_at > %(now)s AND a.disabled_at IS NULL
"""

FILES = """
SELECT c.key, c.title, s.name, s.city, t.name, i.verdict, sh.saved_at, sh.is_later, m.answered
FROM seat j
JOIN candidacy c ON c.round_id = j.round_id AND c.state = 'submitted'
JOIN admissibility_decision d ON d.candidacy_id = c.id AND d.verdict = 'admissible' AND d.replaced_at IS NULL
JOIN structure s ON s.id = c.structure_id
JOIN theme t ON t.id = c.theme_id
LEFT JOIN interest i ON i.seat_id = j.id AND i.candidacy_id = c.id AND i.replaced_at IS NULL
LEFT JOIN scoresheet sh ON sh.seat_id = j.id AND sh.candidacy_id = c.id
LEFT JOIN (
  SELECT mark.scoresheet_id, count(mark.level) AS answered
  FROM mark JOIN scoresheet own ON own.id = mark.scoresheet_id JOIN seat mine ON mine.id = own.seat_id
  WHERE mine.key = %(seat)s GROUP BY mark.scoresheet_id
) m ON m.scoresheet_id = sh.id
WHERE j.key = %(seat)s AND j.account_id = %(account)s AND j.left_at IS NULL
ORDER BY c.key
"""

FILE = """
SELECT c.title, s.name, f.content, f.receipt, sh.id, sh.version, sh.private_note, sh.shared_comment
FROM seat j
JOIN candidacy c ON c.round_id = j.round_id AND c.state = 'submitted'
JOIN structure s ON s.id = c.structure_id
JOIN filing f ON f.candidacy_id = c.id AND f.replaced_at IS NULL
JOIN interest i ON i.seat_id = j.id AND i.candidacy_id = c.id AND i.replaced_at IS NULL AND i.verdict = 'none'
LEFT JOIN scoresheet sh ON sh.seat_id = j.id AND sh.candidacy_id = c.id
WHERE j.key = %(seat)s AND j.account_id = %(account)s AND j.left_at IS NULL AND c.key = %(file)s
"""

GRID = """
SELECT k.id, k.code, k.name, k.question, w.weight, l.value, l.words, m.level, m.reason
FROM candidacy c
JOIN criterion k ON k.edition_id = c.edition_id AND k.level = 'regional'
JOIN criterion_weight w ON w.criterion_id = k.id AND w.theme_id = c.theme_id AND w.weight > 0
JOIN criterion_level l ON l.criterion_id = k.id
LEFT JOIN mark m ON m.criterion_id = k.id AND m.scoresheet_id = %(sheet)s
WHERE c.key = %(file)s ORDER BY k.position, l.value
"""

MAY_MARK = """
SELECT sh.id, k.id FROM seat j
JOIN round r ON r.id = j.round_id AND r.phase = 'P3'
JOIN candidacy c ON c.round_id = r.id AND c.state = 'submitted'
JOIN interest i ON i.seat_id = j.id AND i.candidacy_id = c.id AND i.replaced_at IS NULL AND i.verdict = 'none'
JOIN scoresheet sh ON sh.seat_id = j.id AND sh.candidacy_id = c.id AND sh.set_aside_at IS NULL
JOIN criterion k ON k.edition_id = c.edition_id AND k.level = 'regional' AND k.code = %(criterion)s
WHERE j.key = %(seat)s AND j.account_id = %(account)s AND j.left_at IS NULL AND c.key = %(file)s
"""

TOUCH_SHEET = """
UPDATE scoresheet SET version = version + 1, saved_at = %(now)s WHERE id = %(sheet)s RETURNING version
"""

WRITE_MARK = """
INSERT INTO mark (scoresheet_id, criterion_id, level, cannot_judge, reason, version, saved_at)
VALUES (%(sheet)s, %(criterion)s, %(level)s, %(no)s, '', 1, %(now)s)
ON CONFLICT (scoresheet_id, criterion_id)
DO UPDATE SET level = excluded.level, version = mark.version + 1, saved_at = excluded.saved_at
RETURNING version
"""

RANKING = """
SELECT c.id, c.key, c.title, s.name, s.city, t.code, t.name,
  sum(w.weight * m.level) AS total, count(DISTINCT sh.id) AS readers
FROM seat j
JOIN round r ON r.id = j.round_id AND r.phase >= 'P4'
JOIN candidacy c ON c.round_id = r.id AND c.state = 'submitted'
JOIN structure s ON s.id = c.structure_id
JOIN theme t ON t.id = c.theme_id
JOIN scoresheet sh ON sh.candidacy_id = c.id AND sh.set_aside_at IS NULL
JOIN mark m ON m.scoresheet_id = sh.id
JOIN criterion_weight w ON w.criterion_id = m.criterion_id AND w.theme_id = c.theme_id AND w.weight > 0
WHERE j.key = %(seat)s AND j.account_id = %(account)s AND j.left_at IS NULL
GROUP BY c.id, c.key, c.title, s.name, s.city, t.code, t.name, t.position
ORDER BY t.position, sum(w.weight * m.level) DESC, c.key
"""

SPREAD = """
SELECT sheet.candidacy_id, min(sheet.total), max(sheet.total) FROM (
  SELECT sh.candidacy_id, sh.id, sum(w.weight * m.level) AS total
  FROM seat j
  JOIN scoresheet sh ON sh.round_id = j.round_id AND sh.set_aside_at IS NULL
  JOIN candidacy c ON c.id = sh.candidacy_id
  JOIN mark m ON m.scoresheet_id = sh.id
  JOIN criterion_weight w ON w.criterion_id = m.criterion_id AND w.theme_id = c.theme_id AND w.weight > 0
  WHERE j.key = %(seat)s GROUP BY sh.candidacy_id, sh.id
) sheet GROUP BY sheet.candidacy_id
"""

DRAFT = """
SELECT c.id, c.title, c.edition_id, r.closes_at FROM candidacy c
JOIN round r ON r.id = c.round_id
JOIN membership m ON m.structure_id = c.structure_id AND m.account_id = %(account)s AND m.left_at IS NULL
WHERE c.key = %(file)s AND c.state = 'draft'
"""

QUESTIONS = """
SELECT q.code, q.kind, q.label, q.help, q."limit", q.required, a.value, a.version
FROM form_question q JOIN form_section s ON s.id = q.section_id
LEFT JOIN answer a ON a.question_code = q.code AND a.candidacy_id = %(draft)s
WHERE q.edition_id = %(edition)s AND s.code = %(section)s ORDER BY q.position
"""

WRITE_ANSWER = """
UPDATE answer SET value = %(value)s, version = version + 1, saved_at = %(now)s, saved_by_id = %(account)s
WHERE question_code = %(question)s AND version = %(version)s AND candidacy_id = (
  SELECT c.id FROM candidacy c
  JOIN round r ON r.id = c.round_id AND r.opens_at <= %(now)s AND r.closes_at > %(now)s
  JOIN membership m ON m.structure_id = c.structure_id AND m.account_id = %(account)s AND m.left_at IS NULL
  WHERE c.key = %(file)s AND c.state = 'draft'
) RETURNING version
"""

TOUCH_DRAFT = "UPDATE candidacy SET touched_at = %(now)s WHERE key = %(file)s"

HONOURS = """
SELECT h.slug, h.structure_name, h.project_title, h.summary, h.citation, h.prize_name, h.distinction, h.theme,
  h.city, r.name
FROM honour h LEFT JOIN region r ON r.code = h.region_code
WHERE h.year = %(year)s AND h.retracted_at IS NULL
ORDER BY h.level, r.position, h.distinction, h.theme, h.sort_key LIMIT 50
"""

HONOURS_COUNT = "SELECT count(*) FROM honour WHERE year = %(year)s AND retracted_at IS NULL"

EXPORT = """
SELECT t.name, f.receipt, s.name, j.id, j.name, k.code, m.level
FROM seat mine
JOIN round r ON r.id = mine.round_id AND r.phase >= 'P4'
JOIN scoresheet sh ON sh.round_id = r.id AND sh.set_aside_at IS NULL
JOIN seat j ON j.id = sh.seat_id
JOIN candidacy c ON c.id = sh.candidacy_id
JOIN filing f ON f.candidacy_id = c.id AND f.replaced_at IS NULL
JOIN structure s ON s.id = c.structure_id
JOIN theme t ON t.id = c.theme_id
JOIN mark m ON m.scoresheet_id = sh.id
JOIN criterion k ON k.id = m.criterion_id
WHERE r.key = %(round)s AND mine.account_id = %(account)s AND mine.function = 'chair' AND mine.left_at IS NULL
ORDER BY t.position, f.receipt, j.id, k.code
"""
