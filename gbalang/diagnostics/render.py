"""temporary"""
def render(d, sources, language): return f"{d.code} {d.facts} {d.span} {[(l.role,l.span) for l in d.labels]}"
def to_json(d, sources, language): return {"code": d.code}
