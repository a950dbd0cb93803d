# SPDX-License-Identifier: GPL-3.0-or-later
"""A browser that a test drives: Chromium without a screen, told by chromedriver in the words of W3C WebDriver
(https://www.w3.org/TR/webdriver2/). Its processes end with the test, its profile is in a folder of the test."""
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

from free_port import free_port
from left_behind import processes_of

PATIENCE_S = 60


class WebDriverError(Exception):
    pass


class Browser:
    def __init__(self, base, session):
        self.base, self.session = base, session

    def ask(self, method, path, body=None):
        return call(self.base, method, f"/session/{self.session}{path}", body)

    def go(self, url):
        self.ask("POST", "/url", {"url": url})

    def run(self, script, *arguments):
        """What a script returns; it is the body of a function."""
        return self.ask("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def click(self, css):
        element = self.ask("POST", "/element", {"using": "css selector", "value": css})
        self.ask("POST", f"/element/{next(iter(element.values()))}/click", {})

    def answer(self, is_yes):
        """Answers the question that the page asks, and returns it."""
        text = self.ask("GET", "/alert/text")
        self.ask("POST", "/alert/" + ("accept" if is_yes else "dismiss"), {})
        return text

    def look(self, width, height, scheme):
        """The page from now on: so wide, "light" or "dark". Chromium's own windows are not so narrow."""
        self.tool("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
        self.tool("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def tool(self, name, **parameters):
        """A command of the DevTools protocol."""
        return self.ask("POST", "/goog/cdp/execute", {"cmd": name, "params": parameters})

    def picture(self):
        """The whole page as PNG, in base64."""
        return self.tool("Page.captureScreenshot", captureBeyondViewport=True)["data"]

    def console(self):
        """What the browser said of the page since the last time: [{level, message}]."""
        return self.ask("POST", "/se/log", {"type": "browser"})

    def wait_for(self, script, why="never so"):
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            if found := self.run(script):
                return found
            time.sleep(0.1)
        raise AssertionError(f"{why}: {script}")


def call(base, method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(base + path, data, {"Content-Type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            return json.load(answer)["value"]
    except urllib.error.HTTPError as error:
        raise WebDriverError(f"{method} {path}: {error.read().decode()[:500]}") from None


def wait_until_ready(driver, base):
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and driver.poll() is None:
        with contextlib.suppress(OSError):
            if call(base, "GET", "/status")["ready"]:
                return
        time.sleep(0.1)
    raise AssertionError("chromedriver does not answer")


def end_all(folder):
    """Chromium's helpers end a moment behind it; those that do not are ended."""
    until = time.monotonic() + PATIENCE_S
    while (left := processes_of(folder)) and time.monotonic() < until:
        time.sleep(0.05)
    for pid in left:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@contextlib.contextmanager
def browser(language="en"):
    """A browser with a profile of its own. Chromium's sandbox wants to be no root, and namespaces: without it here,
    where only our own pages are seen."""
    folder = tempfile.mkdtemp(prefix="peakrig-browser-")
    port = free_port(socket.SOCK_STREAM)
    base = f"http://127.0.0.1:{port}"
    words = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", f"--lang={language}",
             f"--user-data-dir={os.path.join(folder, 'chromium')}"]
    with open(os.path.join(folder, "chromedriver.log"), "w") as log:
        driver = subprocess.Popen(["chromedriver", f"--port={port}"], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                  env={**os.environ, "HOME": folder, "no_proxy": "127.0.0.1"})
    try:
        wait_until_ready(driver, base)
        made = call(base, "POST", "/session", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome", "goog:chromeOptions": {"args": words}, "goog:loggingPrefs": {"browser": "ALL"},
            "unhandledPromptBehavior": "ignore"}}})
        try:
            yield Browser(base, made["sessionId"])
        finally:
            with contextlib.suppress(OSError, WebDriverError):
                call(base, "DELETE", f"/session/{made['sessionId']}")
    finally:
        driver.terminate()
        driver.wait(timeout=PATIENCE_S)
        end_all(folder)
        shutil.rmtree(folder, ignore_errors=True)
