import Report
import Testing

@Suite struct ChemicalTextTests {
  @Test(arguments: [
    ("Li6PS5(BH4)", "Li₆PS₅(BH₄)", "Li<sub>6</sub>PS<sub>5</sub>(BH<sub>4</sub>)"),
    ("5 Li2S + Li3P", "5 Li₂S + Li₃P", "5 Li<sub>2</sub>S + Li<sub>3</sub>P"),
    ("Li2B12H12", "Li₂B₁₂H₁₂", "Li<sub>2</sub>B<sub>12</sub>H<sub>12</sub>"),
    ("0.5 Li5.5PS4.5", "0.5 Li₅.₅PS₄.₅", "0.5 Li<sub>5.5</sub>PS<sub>4.5</sub>"),
    ("(CN)2.", "(CN)₂.", "(CN)<sub>2</sub>."),
    ("", "", ""),
    ("<b>Li2", "<b>Li₂", "&lt;b&gt;Li<sub>2</sub>"),
  ])
  func subscripts(formula: String, unicode: String, html: String) {
    #expect(ChemicalText.unicode(formula) == unicode)
    #expect(ChemicalText.html(formula) == html)
  }

  @Test func interpolatedTextIsNeverRead() {
    let hostile = "<script>alert('x')</script> **not strong** & more"
    let text: RichText = "The file **\("name")** says \(hostile) of \(formula: "Li2S")"
    #expect(!text.html.contains("<script"))
    #expect(text.html.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; **not strong**"))
    #expect(text.html.contains("Li<sub>2</sub>S"))
    #expect(text.plain.contains(hostile))
  }

  @Test func emphasisInLiterals() {
    let text: RichText = "**Strong**, *g*(*r*) and `code`; 2 * 3 * 4 stays"
    #expect(
      text.html
        == "<strong>Strong</strong>, <em>g</em>(<em>r</em>) and <code>code</code>; 2 * 3 * 4 stays")
  }
}
