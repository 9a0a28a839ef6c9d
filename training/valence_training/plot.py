"""The reliability diagram of the card, as SVG."""

SIZE = 320
MARGIN = 44
STYLE = "text{font:12px sans-serif;fill:#57606a}line,path{fill:none}"


def reliability(bins: list[dict]) -> str:
    """Share of right answers over the score; on the diagonal they are equal. Areas grow with the texts."""
    most = max(each["texts"] for each in bins)
    dots = [
        f'<circle cx="{across(each["score"]):.1f}" cy="{down(each["right"]):.1f}" '
        f'r="{2 + 8 * (each["texts"] / most) ** 0.5:.1f}" fill="#0969da" fill-opacity=".7">'
        f"<title>{each['texts']} texts: score {each['score']:.3f}, right {each['right']:.3f}</title></circle>"
        for each in bins
    ]
    path = " ".join(f"{across(each['score']):.1f},{down(each['right']):.1f}" for each in bins)
    ticks = [
        f'<text x="{across(value):.0f}" y="{SIZE - MARGIN + 18}" text-anchor="middle">{value:.1f}</text>'
        f'<text x="{MARGIN - 8}" y="{down(value) + 4:.0f}" text-anchor="end">{value:.1f}</text>'
        for value in (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
    ]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" width="{SIZE}" role="img">',
            "<title>Reliability: share of right answers for each score</title>",
            f"<style>{STYLE}</style>",
            f'<rect width="{SIZE}" height="{SIZE}" fill="#fff"/>',
            f'<path d="M{MARGIN} {down(1):.0f}V{SIZE - MARGIN}H{across(1):.0f}" stroke="#8c959f"/>',
            f'<line x1="{across(0.5):.0f}" y1="{down(0.5):.0f}" x2="{across(1):.0f}" y2="{down(1):.0f}" '
            'stroke="#8c959f" stroke-dasharray="4 4"/>',
            f'<polyline points="{path}" fill="none" stroke="#0969da"/>',
            *dots,
            *ticks,
            f'<text x="{SIZE / 2:.0f}" y="{SIZE - 8}" text-anchor="middle">score of the label</text>',
            f'<text x="14" y="{SIZE / 2:.0f}" text-anchor="middle" transform="rotate(-90 14 {SIZE / 2:.0f})">'
            "share that is right</text>",
            "</svg>\n",
        ]
    )


def across(value: float) -> float:
    return MARGIN + (SIZE - 2 * MARGIN) * (value - 0.5) * 2


def down(value: float) -> float:
    return SIZE - across(value)
