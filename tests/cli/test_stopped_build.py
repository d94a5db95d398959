"""A build that is stopped because its finished files show what the copy withholds."""

import json

RULE = """
[[copies.production.withhold]]
reason = "privilege"
fields = ["note.text"]
"""


def test_a_copy_that_shows_what_it_withholds_leaves_with_5_says_where_and_leaves_nothing(run, built, project):
    notes = [json.loads(path.read_bytes()) for path in sorted((built / "data/natives/note").iterdir())]
    note = next(note for note in notes if len(note["text"].split()) > 5)
    [matter] = project.glob("matters/*.toml")
    stated = matter.read_text("utf-8") + RULE
    matter.write_text(f"{stated}\n[[promises]]\nclause = '7'\ntext = {json.dumps(note['text'])}\n", encoding="utf-8")
    packs = sorted(project.glob("packs/*"))
    stopped = run("build", matter, "--copy", "production", "--quiet")
    assert stopped.code == 5
    said = " ".join(stopped.err.split())
    assert "[copies.production] withhold 1 was found in data/Evidence Pack - Production.pdf, page " in said
    assert f"withheld in text of note/{note['id']}." in said
    assert "Next:" in said
    assert note["text"].split("\n")[0] not in said
    assert sorted(project.glob("packs/*")) == packs
    assert not list(project.glob("packs/.*"))
    matter.write_text(stated, encoding="utf-8")
    assert run("build", matter, "--copy", "production", "--quiet").code == 0
