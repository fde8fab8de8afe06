"""Lines that light up together, in a real browser."""

import pytest

import ecslab

COMPOSE = """\
name: shop
services:
  web:
    image: nginx
    ports:
      - 8080:80
    mem_limit: 64m
"""
DARK = "rgba(0, 0, 0, 0)"
HOVERED, CHOSEN = "rgba(33, 150, 243, 0.22)", "rgba(255, 176, 32, 0.3)"


@pytest.fixture
def page(chromium, tmp_path):
    path = tmp_path / "compose.yml"
    path.write_text(COMPOSE)
    page = chromium.new_page()
    page.set_content(ecslab.side_by_side(path).panes.value)
    yield page
    page.close()


def colour(page, text):
    line = page.locator("label.l", has_text=text).first
    return line.evaluate("line => getComputedStyle(line).backgroundColor")


@pytest.mark.browser
def test_pointing_at_a_line_lights_up_what_it_became_and_tells_how(page):
    assert colour(page, '"hostPort": 8080') == DARK
    page.hover("label:has-text('- 8080:80')")
    assert colour(page, '"hostPort": 8080') == HOVERED
    assert colour(page, '"memory": 64') == DARK
    assert page.get_by_text("services.web.ports[0] → ").is_visible()


@pytest.mark.browser
def test_pointing_at_the_result_lights_up_where_it_came_from(page):
    page.hover("label:has-text('\"memory\": 64')")
    assert colour(page, "mem_limit") == HOVERED


@pytest.mark.browser
def test_a_line_that_was_clicked_stays_lit_until_another_is(page):
    page.click("label:has-text('- 8080:80')")
    page.mouse.move(0, 0)
    assert colour(page, '"hostPort": 8080') == CHOSEN
    page.keyboard.press("ArrowDown")
    assert colour(page, '"hostPort": 8080') == DARK
    assert colour(page, '"memory": 64') == CHOSEN
    page.get_by_text("choose nothing").click()
    page.mouse.move(0, 0)
    assert colour(page, '"memory": 64') == DARK
