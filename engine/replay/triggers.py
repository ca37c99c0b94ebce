"""When a trigger runs a micro-batch. Lives here: that rule. What a batch does is the loop's."""

from engine.model import rules
from engine.replay.operator import Policy
from engine.replay.watermark import WatermarkTracker


class Triggers:
    """MicroBatchExecution.constructNextBatch: new data runs a batch; without it the plan of the batch before decides.

    Before the first batch of a run there is no such plan, so a trigger without data runs nothing, also after a restart
    (SEMANTICS 0.2 to 0.5).
    """

    def __init__(self, policy: Policy, no_data_batches: bool) -> None:
        self._policy = policy
        self._no_data_batches = no_data_batches
        self._has_previous_plan = False

    def restart(self) -> None:
        self._has_previous_plan = False

    def batch_ran(self) -> None:
        self._has_previous_plan = True

    def rule_to_run_without_data(self, watermark: WatermarkTracker) -> str | None:
        """The id of the rule by which a trigger without data runs a batch; None: it runs nothing."""
        if not (self._no_data_batches and self._has_previous_plan):
            return None
        match self._policy.runs_without_data:
            case "always":
                return rules.EVERY_TRIGGER_RUNS.id
            case "watermark_moved":
                return rules.WATERMARK_MOVED.id if watermark.moved else None
            case "never":
                return None
