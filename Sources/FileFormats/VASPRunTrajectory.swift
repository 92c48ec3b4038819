import Atomistics

/// The ionic steps of a vasprun.xml as a trajectory: read only, element by element.
///
/// | what | from | unit |
/// |---|---|---|
/// | cell, positions | `<structure>` of each `<calculation>` | Å |
/// | energy for kT -> 0 | as for `VASPRun`; none where VASP printed stars | eV |
/// | forces | `<varray name="forces">`; none where VASP printed stars | eV/Å |
/// | time | step times POTIM, in molecular dynamics (IBRION = 0) only | fs |
///
/// With NBLOCK or ML_OUTBLOCK above 1 not every version writes every step, so the file does not say
/// the time between its steps, and somebody has to. Only whole steps count: a run that was killed
/// ends with its last whole one.
///
/// Format: https://www.vasp.at/wiki/Vasprun.xml.
public struct VASPRunTrajectory: TrajectoryFormat {
  public init() {}

  public let name = "VASP run (vasprun.xml)"

  public func claims(fileName: String) -> Bool {
    fileName.contains("vasprun") && fileName.hasSuffix("xml")
  }

  public func claims(head: [String]) -> Bool { VASPRun.claims(head: head) }

  public func frames(of lines: LineReader) -> any FrameSource { VASPRunFrames(lines) }
}

private struct VASPRunFrames: FrameSource {
  private let xml: XMLTagReader
  private var header: VASPRunHeader
  private var root: XMLTag?
  /// The time of a step in fs, once the first step was found.
  private var timestep: Double??
  private var count = 0

  init(_ lines: LineReader) {
    xml = XMLTagReader(lines)
    header = VASPRunHeader(path: lines.path)
  }

  var lineNumber: Int { xml.line }
  /// What counts here are closing tags, and those were read.
  var lineWasEnded: Bool { true }

  mutating func next() throws -> RecordedFrame? {
    do {
      if root == nil {
        guard try xml.firstFilledByte() != nil else { return nil }
        root = try header.openRoot(of: xml)
      }
      return try nextStep()
    } catch is EndOfXML {
      throw FileFormatsError.truncated(xml.path, line: xml.line)
    }
  }

  private mutating func nextStep() throws -> RecordedFrame? {
    while let event = try xml.next() {
      switch event {
      case .open(let tag) where tag.name == "calculation":
        return try frame(VASPIonicStep(tag, from: xml))
      case .open(let tag):
        try header.read(tag, from: xml)
      case .close(let name):
        guard name == root?.name else {
          throw xml.failure("</\(name.prefix(40))> closes nothing; the file is damaged")
        }
        try header.checkEnd(of: xml)
        return nil
      }
    }
    throw EndOfXML()
  }

  private mutating func frame(_ step: VASPIonicStep) throws -> RecordedFrame {
    let structure = try header.structure(of: step)
    guard step.forces.isEmpty || step.forces.count == structure.count else {
      throw xml.failure("\(step.forces.count) forces, but \(structure.count) atoms")
    }
    let timestep = try timestep ?? readTimestep()
    self.timestep = .some(timestep)
    defer { count += 1 }
    let hasForces = !step.forces.isEmpty && step.forces.allSatisfy(\.isFinite)
    var frame = RecordedFrame(
      structure: structure, time: timestep.map { Double(count) * $0 }, energy: step.energy,
      forces: hasForces ? step.forces : nil)
    frame.isGrouped = true
    return frame
  }

  /// The time between steps; nil where they are no dynamics, or the file does not say.
  private func readTimestep() throws -> Double? {
    func integer(_ name: String) throws -> Int? {
      try header.parameters.integer(name) ?? header.incar.integer(name)
    }
    guard try integer("IBRION") == 0, try integer("NBLOCK") ?? 1 == 1,
      try integer("ML_OUTBLOCK") ?? 1 == 1,
      let step = try header.parameters.real("POTIM") ?? header.incar.real("POTIM")
    else { return nil }
    guard step > 0, step < 1e6 else {
      throw header.failure(nil, "POTIM is \(step) fs; a time step above zero is expected")
    }
    return step
  }
}
