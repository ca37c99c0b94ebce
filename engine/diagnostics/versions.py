"""What another version of Spark would do otherwise. Lives here: that table of the model, as a finding."""

from collections.abc import Iterable

from engine.diagnostics.finding import Diagnostic, Finding, Kind
from engine.model.versions import FOLLOWED, version_notes


class VersionsDiffer(Diagnostic):
    """The scenario meets a difference between Spark's versions."""

    kind = Kind(
        "spark-versions-differ",
        "warning",
        "Versions of Spark treat this scenario differently; says which, and which of them is replayed.",
    )

    def findings(self) -> Iterable[Finding]:
        for note in version_notes(self.case.scenario):
            yield self.finding(
                f"Spark's versions differ: {note.field}",
                why=note.sentence,
                fix=f"Look at the version that you run; where nothing else is said, this replay follows {FOLLOWED}.",
            )
