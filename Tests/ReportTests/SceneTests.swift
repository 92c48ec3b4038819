import Report
import Testing

@Suite struct SceneTests {
  @Test func everyAtomBondAndFaceIsDrawn() {
    let svg = Sample.scene.svg()
    func count(_ text: String) -> Int { svg.split(separator: text).count - 1 }
    #expect(count("class=\"atom\"") == 5)
    #expect(count("class=\"face\"") == 4)
    #expect(count("class=\"key\"") == 2)
    #expect(count("class=\"plane\"") == 1)
    #expect(svg.contains("contact &lt;plane&gt;"))
    #expect(svg.contains("PS₄"))
    #expect(svg.contains(" Å</text>"))
  }

  @Test func theNearerAtomIsDrawnLater() throws {
    // With z to the right and x upwards the eye looks along -y.
    let far = SceneAtom(
      position: SIMD3(0, -5, 0), radius: 0.5, color: Color(0x112233), label: "far")
    let near = SceneAtom(
      position: SIMD3(0, 5, 0), radius: 0.75, color: Color(0x112233), label: "near")
    let svg = Scene(atoms: [near, far]).svg()
    let radii = svg.matches(of: /class="atom" cx="[^"]*" cy="[^"]*" r="([^"]*)"/)
      .compactMap { Double($0.output.1) }
    try #require(radii.count == 2)
    #expect(radii[0] < radii[1])
  }

  @Test func positionsAreProjectedToScale() throws {
    let atoms = [SIMD3(0.0, 0, 0), SIMD3(0, 0, 10), SIMD3(4, 0, 10)].map {
      SceneAtom(element: "Li", position: $0)
    }
    let svg = Scene(atoms: atoms, across: .z, up: .x).svg()
    let points = svg.matches(of: /class="atom" cx="([^"]*)" cy="([^"]*)"/)
      .compactMap { match in
        Double(match.output.1).flatMap { x in Double(match.output.2).map { (x, $0) } }
      }
    try #require(points.count == 3)
    let scale = (points[1].0 - points[0].0) / 10
    #expect(scale > 10)
    #expect(abs(points[1].1 - points[0].1) < 0.02)
    #expect(abs((points[1].1 - points[2].1) / 4 - scale) < 0.02)
  }

  @Test func facesOfAnOctahedron() {
    let corners: [SIMD3<Double>] = [
      SIMD3(1, 0, 0), SIMD3(-1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, -1, 0), SIMD3(0, 0, 1),
      SIMD3(0, 0, -1),
    ]
    let svg = Scene(
      atoms: [SceneAtom(element: "Li", position: SIMD3(0, 0, 0))],
      polyhedra: [ScenePolyhedron(corners: corners, color: .black, label: "LiCl6")]
    ).svg()
    #expect(svg.split(separator: "class=\"face\"").count - 1 == 8)
  }

  @Test func atomsAreItsData() throws {
    let folder = try TemporaryFolder()
    let file = try FigureFile(.scene(Sample.scene), name: "contact", in: folder.url)
    #expect(try folder.names == ["contact.csv", "contact.svg"])
    #expect(try folder.text("contact.csv").contains("\nS,1.0,-1.0,-1.0,0.62,#f0cb2b\n"))
    #expect(file.dataPath.hasSuffix("/contact.csv"))
    #expect(throws: ReportError.self) {
      try FigureFile(.scene(Scene(atoms: [])), name: "none", in: folder.url)
    }
  }
}
