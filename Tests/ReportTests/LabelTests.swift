import Report
import Testing

@Suite struct LabelTests {
  static let names = ["Li₃P + 5 Li₂S", "LiP + 5 Li₂S", "P + 5 Li₂S", "Li₃PS₄ + Li₂S"]

  private func steps(_ ends: [Double], label: (Int) -> String) -> [LabelledStep] {
    ends.indices.dropLast().map { index in
      LabelledStep(
        from: ends[index], to: ends[index + 1], y: Double(ends.count - index), label: label(index),
        color: .black)
    }
  }

  private func chart(_ steps: [LabelledStep]) -> Chart {
    Chart(
      x: Axis("V", unit: "V"), y: Axis("n", unit: "", range: 0...12),
      series: [
        Series(
          name: "s", x: steps.map(\.from) + [4], y: steps.map(\.y) + [0], style: .steps,
          color: .black)
      ])
  }

  @Test func namesWhereThereIsRoom() {
    let steps = steps([0, 1, 2, 3, 4]) { LabelTests.names[$0] }
    let result = chart(steps).labelling(steps)
    #expect(!result.isNumbered)
    #expect(result.chart.annotations.map(\.text) == LabelTests.names)
  }

  @Test func numbersWhereThereIsNone() {
    let ends = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 4]
    let steps = steps(ends) { "\(String(repeating: "Li₂S + ", count: 8))\($0)" }
    let result = chart(steps).labelling(steps)
    #expect(result.isNumbered)
    #expect(result.keys.map(\.number) == Array(1...10))
    #expect(result.keys.map(\.step) == steps)
    #expect(result.chart.annotations.map(\.text) == (1...10).map { "\($0)" })
  }

  @Test func equalPlateausAreOne() {
    let steps = steps([0, 1, 2]) { LabelTests.names[$0] }
    let others = steps.map { step in
      LabelledStep(
        from: step.from, to: step.to, y: step.y,
        label: step.label.split(separator: " + ").reversed().joined(separator: " + "),
        color: .white)
    }
    let keys = chart(steps).labelling(steps + others).keys
    #expect(keys.count == 2)
    #expect(keys.allSatisfy { $0.step.color == Palette.ink })
    let higher = steps.map {
      LabelledStep(from: $0.from, to: $0.to, y: $0.y + 1, label: $0.label, color: .black)
    }
    #expect(chart(steps).labelling(steps + higher).keys.count == 4)
  }

  @Test func labelsDoNotOverlapInThePicture() throws {
    let folder = try TemporaryFolder()
    let ends = [0.0, 0.05, 0.12, 0.2, 0.3, 0.4, 0.5, 0.62, 0.7, 0.9, 1.2, 4]
    let steps = steps(ends) { "a long label that cannot stand beside so short a step \($0)" }
    let result = chart(steps).labelling(steps)
    let svg = try FigureFile(.chart(result.chart), name: "steps", in: folder.url).svg
    let discs = svg.matches(
      of: /use xlink:href='#gpPt6' transform='translate\(([0-9.]+),([0-9.]+)\)/
    )
    .compactMap { match in
      Double(match.output.1).flatMap { x in Double(match.output.2).map { (x, $0) } }
    }
    #expect(discs.count == steps.count)
    for (i, a) in discs.enumerated() {
      for b in discs[(i + 1)...] {
        #expect(max(abs(a.0 - b.0), abs(a.1 - b.1)) >= 18)
      }
    }
  }
}
