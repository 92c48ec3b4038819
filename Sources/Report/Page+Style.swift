extension Page {
  /// The style sheet: one column of text like a paper's supplement, the contents beside it where
  /// the window is wide.
  static let style = """
    :root { --ink: #222; --soft: #5c6570; --rule: #d4d9de; --accent: #1f5c99; }
    * { box-sizing: border-box; }
    body { margin: 0; color: var(--ink); background: #fff; line-height: 1.55; font-size: 16px;
      font-family: Helvetica, Arial, "Liberation Sans", "DejaVu Sans", sans-serif; }
    header { max-width: 1120px; margin: 0 auto; padding: 40px 24px 12px;
      border-bottom: 2px solid var(--ink); }
    h1 { font-size: 29px; line-height: 1.2; margin: 0 0 8px; }
    .subtitle { color: var(--soft); margin: 0; font-size: 17px; }
    .columns { max-width: 1120px; margin: 0 auto; padding: 0 24px; display: grid;
      grid-template-columns: minmax(0, 1fr); }
    nav { font-size: 14px; padding-top: 20px; }
    nav p { font-weight: bold; margin: 0 0 4px; color: var(--soft); text-transform: uppercase;
      letter-spacing: 0.06em; font-size: 12px; }
    nav ol { margin: 0; padding-left: 22px; }
    nav li { margin: 3px 0; }
    nav a { text-decoration: none; }
    a { color: var(--accent); }
    main { min-width: 0; }
    h2 { font-size: 22px; margin: 44px 0 10px; padding-bottom: 4px;
      border-bottom: 1px solid var(--rule); }
    h3 { font-size: 17px; margin: 28px 0 6px; }
    p { margin: 0 0 12px; }
    li { margin: 3px 0; }
    code, pre { font-family: "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: 0.86em; }
    pre { background: #f4f6f8; padding: 10px 14px; overflow-x: auto; }
    .formula { white-space: nowrap; }
    sub { font-size: 0.72em; line-height: 0; }
    figure { margin: 24px 0; }
    .picture { overflow-x: auto; text-align: center; }
    .picture svg { width: 100%; max-width: 860px; height: auto; }
    .picture svg text, .picture svg tspan {
      font-family: Arial, "Liberation Sans", Helvetica, "DejaVu Sans", sans-serif; }
    figcaption, .caption { font-size: 14px; line-height: 1.45; margin: 6px 0; }
    .data { color: var(--soft); font-size: 13px; overflow-wrap: anywhere; }
    .table { margin: 24px 0; }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; font-size: 14px; line-height: 1.4; min-width: 50%;
      border-top: 1.5px solid var(--ink); border-bottom: 1.5px solid var(--ink);
      font-variant-numeric: tabular-nums; }
    th { border-bottom: 1px solid var(--ink); font-weight: bold; vertical-align: bottom; }
    th, td { padding: 5px 12px 5px 4px; }
    td { vertical-align: top; border-bottom: 1px solid #eceff1; }
    .left { text-align: left; } .right { text-align: right; } .center { text-align: center; }
    .note { font-size: 13px; color: var(--soft); margin: 5px 0; }
    aside { margin: 20px 0; padding: 12px 16px 4px; border-left: 4px solid var(--accent);
      background: #f1f6fb; }
    aside .head { font-weight: bold; margin-bottom: 6px; }
    aside.warning { border-color: #d18b00; background: #fdf7e8; }
    aside.limit { border-color: #b03a2e; background: #fcf1ef; }
    .facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(170px, 1fr));
      gap: 12px; margin: 18px 0; }
    .facts div { border: 1px solid var(--rule); border-radius: 4px; padding: 10px 14px;
      display: flex; flex-direction: column-reverse; justify-content: flex-end; }
    .facts dd { margin: 0; font-size: 21px; font-weight: bold; line-height: 1.25; }
    .facts dt { color: var(--soft); font-size: 13px; line-height: 1.35; }
    footer { max-width: 1120px; margin: 40px auto 0; padding: 12px 24px 40px; font-size: 13px;
      color: var(--soft); border-top: 1px solid var(--rule); overflow-wrap: anywhere; }
    @media (min-width: 1080px) {
      .columns { grid-template-columns: 210px minmax(0, 1fr); column-gap: 36px; }
      nav { position: sticky; top: 0; align-self: start; max-height: 100vh; overflow-y: auto;
        padding-top: 44px; }
    }
    @media (max-width: 600px) {
      header { padding-top: 22px; } h1 { font-size: 23px; }
      .picture svg { min-width: 560px; }
    }
    @media print {
      body { font-size: 10.5pt; } nav { display: none; }
      .columns { display: block; } figure, .table, aside { break-inside: avoid; }
      h2, h3 { break-after: avoid; } .scroll, .picture { overflow: visible; }
    }
    """
}
