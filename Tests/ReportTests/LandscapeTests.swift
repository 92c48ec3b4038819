import Foundation
import Report
import Testing

@Suite struct LandscapeTests {
  private let landscape = Landscape(
    a: SIMD2(2, 0), b: SIMD2(0.5, 1.8), divisions: SIMD2(3, 2),
    values: [0, 1, 2, 3, 4, .nan], marked: [0], quantity: "Energy <E>", unit: "J/m²")

  @Test func everyValueIsATileAndARow() throws {
    let svg = landscape.svg()
    func count(_ text: String) -> Int { svg.split(separator: text).count - 1 }
    #expect(count("class=\"tile\"") == 6 && count("class=\"mark\"") == 1)
    #expect(svg.contains("Energy &lt;E&gt;") && svg.contains("#ffffd9") && svg.contains("#0c2c84"))
    // What is not a number is grey.
    #expect(svg.contains("#d0d0d0"))
    let folder = try TemporaryFolder()
    _ = try FigureFile(.landscape(landscape), name: "l", in: folder.url)
    #expect(try folder.names == ["l.csv", "l.svg"])
    let rows = try folder.text("l.csv").split(separator: "\n")
    #expect(rows.count == 7 && rows[0] == "x (Å),y (Å),Energy <E> (J/m²)")
    #expect(rows[2] == "0.25,0.9,1.0")
  }

  @Test func flatAndEmptyOnes() throws {
    let flat = Landscape(
      a: SIMD2(2, 0), b: SIMD2(0, 2), divisions: SIMD2(1, 1), values: [3], quantity: "E", unit: "eV"
    )
    #expect(flat.svg().contains("#ffffd9") && !flat.svg().contains("nan"))
    let none = Landscape(
      a: SIMD2(2, 0), b: SIMD2(0, 2), divisions: SIMD2(1, 1), values: [.nan], quantity: "E",
      unit: "eV")
    let folder = try TemporaryFolder()
    #expect(throws: ReportError.self) {
      try FigureFile(.landscape(none), name: "n", in: folder.url)
    }
  }
}
