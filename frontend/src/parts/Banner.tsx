import type { ReactNode } from "react";
import { Icon, type IconName } from "./Icon";

interface BannerProps {
  icon: IconName;
  title: string;
  children: ReactNode;
  action?: ReactNode;
  code?: string | undefined;
}

/** Says what happened, what is kept and what to do. Never over the image. */
export function Banner({ icon, title, children, action, code }: BannerProps) {
  return (
    <div className="bn" role="status">
      <Icon name={icon} />
      <b className="b">{title}</b>
      <p>
        {children}
        {code ? <span className="m t3"> {code}</span> : null}
      </p>
      {action ? <span className="act row g4">{action}</span> : null}
    </div>
  );
}

/** A calm empty place with its reason. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="em" role="status">
      <b>{title}</b>
      {children ? <span className="t2">{children}</span> : null}
    </div>
  );
}
