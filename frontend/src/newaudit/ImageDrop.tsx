import { type DragEvent, useEffect, useRef, useState } from "react";
import type { Audit } from "../api/types";
import { Icon } from "../parts/Icon";
import { LABEL_WORDS } from "../words";
import { BoxLayer } from "../viewer/BoxLayer";
import type { Mark } from "../viewer/marks";
import { Stage } from "../viewer/Stage";
import { useViewer } from "../viewer/useViewer";
import { FieldErrors } from "../parts/fields";
import type { Intake } from "./useIntake";

const nothing = () => undefined;

function foundMarks(audit: Audit): Mark[] {
  return audit.findings.flatMap((finding): Mark[] =>
    finding.box && !finding.below
      ? [
          {
            key: finding.id,
            box: finding.box,
            line: "solid",
            kind: null,
            card: null,
            icon: null,
            words: LABEL_WORDS[finding.label],
            active: false,
            decided: false,
            name: `${LABEL_WORDS[finding.label]}, found, not compared yet`,
          },
        ]
      : [],
  );
}

/** The stored image with what was found so far. */
function Found({ audit }: { audit: Audit }) {
  const viewer = useViewer(audit.case);
  return (
    <Stage of={audit.case} control={viewer}>
      <BoxLayer
        marks={foundMarks(audit)}
        view={viewer.state.view}
        image={audit.case}
        stage={viewer.state.stage}
        lit={null}
        onLight={nothing}
        onPick={nothing}
      />
    </Stage>
  );
}

/** The chosen file before it is sent. */
function Preview({ image }: { image: File }) {
  const [url, setUrl] = useState("");
  const [unreadable, setUnreadable] = useState(false);
  useEffect(() => {
    const made = URL.createObjectURL(image);
    setUrl(made);
    setUnreadable(false);
    return () => URL.revokeObjectURL(made);
  }, [image]);
  if (unreadable) {
    return (
      <p className="drop-words t2">
        This browser cannot show the file. It can be sent all the same.
      </p>
    );
  }
  return url ? (
    <img className="preview" src={url} alt="The chosen file" onError={() => setUnreadable(true)} />
  ) : null;
}

/** Where the image is dropped, chosen or pasted, and then shown. */
export function ImageDrop({ intake, audit }: { intake: Intake; audit: Audit | null }) {
  const [over, setOver] = useState(false);
  const chooser = useRef<HTMLInputElement>(null);
  const { image } = intake.form;
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void intake.take(event.dataTransfer.files);
  };
  return (
    <section
      className={over ? "intake-image over" : "intake-image"}
      aria-label="Image"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <div className="viewer intake-viewer">
        <div className="vw">
          {audit ? (
            <Found audit={audit} />
          ) : (
            <div className="stage">
              {image ? (
                <Preview image={image} />
              ) : (
                <p className="drop-words t2">
                  Drop a chest X-ray here, choose a file, or paste one.
                </p>
              )}
            </div>
          )}
          <div className="readout">
            {image ? <b>{image.name}</b> : <span>No image yet</span>}
            {audit ? (
              <span>
                {audit.case.width} × {audit.case.height}, 8-bit
              </span>
            ) : null}
            <span className="sp" />
            <span>File names are kept only as hashes</span>
          </div>
        </div>
      </div>
      <FieldErrors errors={intake.error?.fields.image} />
      <div className="row g12 drop-bar">
        <span className="t2 row g8">
          <Icon name="upload" />
          {image ? "Drop another image here" : "Drop an image here"}
        </span>
        <span className="t3 s12">PNG, JPEG, WebP, TIFF or DICOM (CR, DX), up to 64 megapixels</span>
        <span className="sp" />
        <input
          ref={chooser}
          type="file"
          className="hidden"
          aria-label="Image file"
          accept="image/png,image/jpeg,image/webp,image/tiff,application/dicom,.png,.jpg,.jpeg,.webp,.tif,.tiff,.dcm,.dicom"
          tabIndex={-1}
          onChange={(event) => void intake.take(event.target.files ?? [])}
        />
        <button type="button" className="btn sm" onClick={() => chooser.current?.click()}>
          Choose file
        </button>
      </div>
    </section>
  );
}
