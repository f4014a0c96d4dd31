"""Every action of the dialogue, ready to be run."""

from __future__ import annotations

from rasa_sdk.executor import ActionExecutor

from actions.about_asker import ChangeLanguageAction, SetAudienceAction, SetMunicipalityAction
from actions.answer import AnswerAction
from actions.choose import ChooseAction
from actions.conversation import EraseAction, RecordFeedbackAction, RepeatAction, StartOverAction
from actions.handoff import (
    AskWithdrawAction,
    BeginHandoffAction,
    CaseStatusAction,
    HandOffAction,
    ValidateHandoffForm,
    WithdrawCaseAction,
)
from actions.human import OfferHumanAction
from bot.guide import Guide


def make_executor(guide: Guide) -> ActionExecutor:
    """rasa-sdk's executor with all actions registered."""
    executor = ActionExecutor()
    for action in (
        AnswerAction(guide),
        ChooseAction(guide),
        OfferHumanAction(guide),
        ChangeLanguageAction(),
        SetMunicipalityAction(guide),
        SetAudienceAction(),
        RecordFeedbackAction(),
        RepeatAction(guide),
        EraseAction(),
        StartOverAction(),
        BeginHandoffAction(),
        ValidateHandoffForm(guide),
        HandOffAction(),
        CaseStatusAction(),
        AskWithdrawAction(),
        WithdrawCaseAction(),
    ):
        executor.register_action(action)
    return executor
