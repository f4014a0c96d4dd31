"""What holds for conversations on every store: run on SQLite, and on PostgreSQL with Redis."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import httpx

from tests.live_guide import LiveGuide
from tests.service.newcomer import CALLS, LIBRARY, TAX_CARD, Newcomer, is_problem, rows_of


class ConversationContract:
    """Subclasses give the fixtures ``guide``, a running guide, and ``client``, an HTTP client of it."""

    def test_begin_send_and_read_again(self, client: httpx.Client) -> None:
        newcomer = Newcomer(client)
        assert [message["sender"] for message in newcomer.greeting] == ["bot"]
        response = newcomer.post(TAX_CARD[0])
        assert response.status_code == 200
        received, (reply,) = response.json()["received"], response.json()["messages"]
        assert (received["sender"], received["text"]) == ("newcomer", TAX_CARD[0])
        assert (reply["sender"], reply["status"], reply["answer"]["id"]) == ("bot", "answered", TAX_CARD[1])
        assert reply["reply_to"] == received["id"]
        history = newcomer.history()
        assert history == [*newcomer.greeting, received, reply]
        assert newcomer.history(after=received["id"]) == [reply]
        assert newcomer.history(after=reply["id"]) == []

    def test_a_repeated_client_id_gives_the_first_replies(self, client: httpx.Client) -> None:
        newcomer = Newcomer(client)
        first = newcomer.post(TAX_CARD[0], client_id="once")
        again = newcomer.post(TAX_CARD[0], client_id="once")
        other_words = newcomer.post(LIBRARY[0], client_id="once")
        assert first.json() == again.json() == other_words.json()
        assert len(newcomer.history()) == 3

    def test_a_client_id_sent_twenty_times_at_once_is_one_turn(self, client: httpx.Client, guide: LiveGuide) -> None:
        newcomer = Newcomer(client)
        with ThreadPoolExecutor(20) as pool:
            responses = list(pool.map(lambda _: newcomer.post(TAX_CARD[0], client_id="once"), range(20)))
        assert {response.status_code for response in responses} == {200}
        assert all(response.json() == responses[0].json() for response in responses)
        assert len(newcomer.history()) == 3
        rows = rows_of(newcomer, guide.settings.database_url, guide.settings.rasa_database_url)
        newcomer.say(LIBRARY[0])
        more = rows_of(newcomer, guide.settings.database_url, guide.settings.rasa_database_url)
        assert more["messages"] - rows["messages"] == 2
        assert more["events"] < 2.5 * rows["events"]

    def test_the_same_client_id_in_two_conversations_is_two_turns(self, client: httpx.Client) -> None:
        one, other = Newcomer(client), Newcomer(client)
        assert one.say(TAX_CARD[0], client_id="same")["answer"]["id"] == TAX_CARD[1]
        assert other.say(LIBRARY[0], client_id="same")["answer"]["id"] == LIBRARY[1]

    def test_erased_everywhere(self, client: httpx.Client, guide: LiveGuide) -> None:
        urls = (guide.settings.database_url, guide.settings.rasa_database_url)
        newcomer, neighbour = Newcomer(client), Newcomer(client)
        for each in (newcomer, neighbour):
            answered = each.say(TAX_CARD[0])
            assert each.press(answered["buttons"][0]["payload"], answered["buttons"][0]["title"])["status"] == "control"
        before = rows_of(neighbour, *urls)
        assert rows_of(newcomer, *urls) == before
        assert all(before.values()), before
        assert newcomer.erase().status_code == 204
        assert set(rows_of(newcomer, *urls).values()) == {0}
        assert rows_of(neighbour, *urls) == before
        is_problem(newcomer.erase(), 404)
        is_problem(newcomer.post("hello"), 404)
        is_problem(client.get(newcomer.messages_url, headers=newcomer.headers), 404)

    def test_erased_by_asking_in_words(self, client: httpx.Client, guide: LiveGuide) -> None:
        urls = (guide.settings.database_url, guide.settings.rasa_database_url)
        newcomer = Newcomer(client)
        newcomer.say(TAX_CARD[0])
        assert newcomer.say("delete my data")["status"] == "control"
        assert all(count for table, count in rows_of(newcomer, *urls).items() if table != "feedback")
        assert newcomer.say("yes")["kind"] == "notice"
        assert set(rows_of(newcomer, *urls).values()) == {0}
        is_problem(newcomer.post("hello"), 404)

    def test_the_words_and_the_token_of_another_do_not_open_it(self, client: httpx.Client) -> None:
        newcomer, stranger = Newcomer(client), Newcomer(client)
        for token, status in ((stranger.token, 403), ("wrong", 403), ("", 401)):
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            is_problem(client.get(newcomer.messages_url, headers=headers), status)
            is_problem(client.get(newcomer.events_url, headers=headers), status)
            is_problem(client.post(newcomer.messages_url, headers=headers, json={"text": "hi", "client_id": "x"}), status)
            is_problem(client.delete(f"{CALLS}/{newcomer.id}", headers=headers), status)
        assert newcomer.history() == newcomer.greeting

    def test_an_unknown_conversation(self, client: httpx.Client) -> None:
        headers = {"Authorization": "Bearer anything"}
        for unknown in ("0" * 24, "%00", "ask-1", "%F0%9F%98%80", "a" * 300):
            is_problem(client.get(f"{CALLS}/{unknown}/messages", headers=headers), 404)
            is_problem(client.post(f"{CALLS}/{unknown}/messages", headers=headers, json={"text": "hi", "client_id": "x"}), 404)
            is_problem(client.delete(f"{CALLS}/{unknown}", headers=headers), 404)

    def test_a_number_that_no_message_has(self, client: httpx.Client) -> None:
        newcomer = Newcomer(client)
        assert newcomer.history(after=2**63 - 1) == []
        for after in (2**63, 10**30, -1):
            is_problem(client.get(newcomer.messages_url, headers=newcomer.headers, params={"after": after}), 422)
            is_problem(client.get(newcomer.events_url, headers=newcomer.headers, params={"after": after}), 422)
